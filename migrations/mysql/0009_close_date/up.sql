-- When a question stops taking votes; Django, which does not know the column, leaves it NULL: never.
-- The column may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_question' AND `column_name` = 'close_date'
    ),
    'DO 0',
    'ALTER TABLE `polls_question` ADD COLUMN `close_date` datetime(6) NULL, ADD INDEX `polls_question_pub_date` (`pub_date`, `id`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
