-- Forgets failed logins and the link to the first administrator.

DROP TABLE IF EXISTS `auth_setup_link`;
DROP TABLE IF EXISTS `auth_login_turn`;
DROP TABLE IF EXISTS `auth_login_failure`;
