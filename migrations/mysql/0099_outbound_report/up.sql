-- Errors of the log of which administrators are to be told by mail, one row for each place in the program: each is told
-- at most once a minute, with how often it occurred.

CREATE TABLE IF NOT EXISTS `outbound_report` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `place` varchar(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `text` longtext CHARACTER SET utf8mb4 NOT NULL,
    `times` integer NOT NULL,
    `first_at` datetime(6) NOT NULL,
    `last_at` datetime(6) NOT NULL,
    `mailed_at` datetime(6) NULL,
    UNIQUE KEY `outbound_report_place_uniq` (`place`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4;
