-- The columns may be gone although this was not recorded.

DROP TABLE IF EXISTS `bookmark_turn`;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_tag' AND `column_name` = 'added_at'
    ),
    'ALTER TABLE `bookmark_tag` DROP COLUMN `added_at`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'is_archived'
    ),
    'ALTER TABLE `bookmark_bookmark` DROP COLUMN `is_archived`, DROP COLUMN `notes`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
