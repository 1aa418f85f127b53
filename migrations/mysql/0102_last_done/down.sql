DROP TABLE IF EXISTS `ops_last_done`;
