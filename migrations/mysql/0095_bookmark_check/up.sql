-- What was found when the page of a bookmark was asked for. Not columns of Django's table: a check is no change of the
-- bookmark.

CREATE TABLE IF NOT EXISTS `bookmark_check` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `bookmark_id` bigint NOT NULL,
    `checked_at` datetime(6) NOT NULL,
    `state` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `status` integer NULL,
    `new_address` longtext CHARACTER SET utf8mb4 NOT NULL,
    `first_failed_at` datetime(6) NULL,
    `reason` varchar(500) CHARACTER SET utf8mb4 NOT NULL,
    UNIQUE KEY `bookmark_check_bookmark_id_uniq` (`bookmark_id`),
    KEY `bookmark_check_state` (`state`),
    CONSTRAINT `bookmark_check_bookmark_id_fk_bookmark_bookmark_id`
        FOREIGN KEY (`bookmark_id`) REFERENCES `bookmark_bookmark` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
