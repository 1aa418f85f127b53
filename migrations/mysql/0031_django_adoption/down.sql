-- Forgets that the database was adopted.

DROP TABLE IF EXISTS `django_adoption`;
