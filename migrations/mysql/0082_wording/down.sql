DROP TABLE IF EXISTS `polls_wording`;
