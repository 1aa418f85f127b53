-- Forgets errors of which nobody was told.

DROP TABLE IF EXISTS `outbound_report`;
