DROP TABLE IF EXISTS `bookmark_check`;
