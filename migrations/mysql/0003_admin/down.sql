-- Takes away the admin's log.

DROP TABLE IF EXISTS `django_admin_log`;
DELETE FROM `django_migrations` WHERE `app` = 'admin';
