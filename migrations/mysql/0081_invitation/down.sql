DROP TABLE IF EXISTS `polls_invitation`;
