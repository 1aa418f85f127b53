-- Tags of bookmarks. `folded` is the name without its case: two names that differ only in case are one tag.
-- Names are compared byte for byte, as on the other databases.
-- Django deletes bookmarks without knowing of tags, so the database deletes the rows that tie them.

CREATE TABLE IF NOT EXISTS `bookmark_tag` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `name` varchar(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    `folded` varchar(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    UNIQUE KEY `bookmark_tag_folded_uniq` (`folded`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `bookmark_tagging` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `bookmark_id` bigint NOT NULL,
    `tag_id` bigint NOT NULL,
    UNIQUE KEY `bookmark_tagging_bookmark_id_tag_id_uniq` (`bookmark_id`, `tag_id`),
    KEY `bookmark_tagging_tag_id` (`tag_id`),
    CONSTRAINT `bookmark_tagging_bookmark_id_fk_bookmark_bookmark_id`
        FOREIGN KEY (`bookmark_id`) REFERENCES `bookmark_bookmark` (`id`) ON DELETE CASCADE,
    CONSTRAINT `bookmark_tagging_tag_id_fk_bookmark_tag_id`
        FOREIGN KEY (`tag_id`) REFERENCES `bookmark_tag` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
