-- What a bookmark has besides Django's columns. Django, which does not know them, leaves them at their defaults.
-- One statement adds all of them; they may be there although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'changed_at'
    ),
    'DO 0',
    'ALTER TABLE `bookmark_bookmark`
        ADD COLUMN `description` longtext CHARACTER SET utf8mb4 NOT NULL DEFAULT (''''),
        ADD COLUMN `is_private` bool NOT NULL DEFAULT 0,
        ADD COLUMN `unread` bool NOT NULL DEFAULT 0,
        ADD COLUMN `changed_at` datetime(6) NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
