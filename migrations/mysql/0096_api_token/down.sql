DROP TABLE IF EXISTS `auth_apitoken`;
