-- What a bookmark of the API has besides: notes for those who may view bookmarks in the admin, and whether it is put
-- away. Django, which does not know the columns, leaves them at their defaults. A tag says when it was made; NULL if that
-- is unknown. Whoever adds a bookmark by the API holds the one row of bookmark_turn, so that of two spellings of one
-- address, sent at the same time, one is added.
-- The columns may be there although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'is_archived'
    ),
    'DO 0',
    'ALTER TABLE `bookmark_bookmark`
        ADD COLUMN `notes` longtext CHARACTER SET utf8mb4 NOT NULL DEFAULT (''''),
        ADD COLUMN `is_archived` bool NOT NULL DEFAULT 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_tag' AND `column_name` = 'added_at'
    ),
    'DO 0',
    'ALTER TABLE `bookmark_tag` ADD COLUMN `added_at` datetime(6) NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

CREATE TABLE IF NOT EXISTS `bookmark_turn` (
    `id` integer NOT NULL PRIMARY KEY,
    `turn` integer NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT IGNORE INTO `bookmark_turn` (`id`, `turn`) VALUES (1, 0);
