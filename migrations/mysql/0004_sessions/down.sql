-- Takes away sessions.

DROP TABLE IF EXISTS `django_session`;
DELETE FROM `django_migrations` WHERE `app` = 'sessions';
