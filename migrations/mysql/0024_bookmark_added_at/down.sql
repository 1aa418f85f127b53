-- The column may be gone although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'added_at'
    ),
    'ALTER TABLE `bookmark_bookmark` DROP COLUMN `added_at`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
