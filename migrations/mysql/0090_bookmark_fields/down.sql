-- The columns may be gone although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'changed_at'
    ),
    'ALTER TABLE `bookmark_bookmark`
        DROP COLUMN `changed_at`, DROP COLUMN `unread`, DROP COLUMN `is_private`, DROP COLUMN `description`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
