-- When the last backup and the last recount were made, for metrics and checks.

CREATE TABLE IF NOT EXISTS `ops_last_done` (
    `what` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    `done_at` datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
