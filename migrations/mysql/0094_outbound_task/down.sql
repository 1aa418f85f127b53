-- Forgets what was to be done.

DROP TABLE IF EXISTS `outbound_host`;
DROP TABLE IF EXISTS `outbound_task`;
