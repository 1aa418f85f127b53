DROP TABLE IF EXISTS `auth_recovery_code`;
DROP TABLE IF EXISTS `auth_second_factor`;
