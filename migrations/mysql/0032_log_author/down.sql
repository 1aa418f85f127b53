-- Forgets the names of deleted authors.

ALTER TABLE `django_admin_log` DROP COLUMN `author`;
