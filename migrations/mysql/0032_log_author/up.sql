-- Who wrote an entry of the log whose user is deleted: the entry stays, with the name. Django, which does not know
-- the column, leaves it NULL, and has such entries belong to the user "(deleted users)", who can do nothing.
-- The column may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'django_admin_log' AND `column_name` = 'author'
    ),
    'DO 0',
    'ALTER TABLE `django_admin_log` ADD COLUMN `author` varchar(150) NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
