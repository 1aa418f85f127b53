DROP TABLE IF EXISTS `bookmark_tagging`;
DROP TABLE IF EXISTS `bookmark_tag`;
