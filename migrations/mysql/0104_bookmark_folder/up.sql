-- The folder of a bookmark, as browsers have them, so that a file that was imported is exported with the same folders. Names
-- of folders within each other are separated by "/"; empty for none.
-- The column may be there although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'bookmark_bookmark' AND `column_name` = 'folder'
    ),
    'DO 0',
    'ALTER TABLE `bookmark_bookmark`
        ADD COLUMN `folder` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '''',
        ADD INDEX `bookmark_bookmark_folder` (`folder`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
