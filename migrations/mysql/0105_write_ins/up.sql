-- Answers that voters write themselves. Such an answer is a choice that only staff see: proposed, refused, or merged into
-- another choice, whose votes it then adds to on every page. Accepted, it is a choice like others.
-- Columns may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_question' AND `column_name` = 'write_ins'
    ),
    'DO 0',
    'ALTER TABLE `polls_question` ADD COLUMN `write_ins` bool NOT NULL DEFAULT 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_choice' AND `column_name` = 'merged_into'
    ),
    'DO 0',
    'ALTER TABLE `polls_choice` ADD COLUMN `write_in` varchar(10) NOT NULL DEFAULT '''', ADD COLUMN `merged_into` bigint NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_deleted_choice' AND `column_name` = 'merged_into'
    ),
    'DO 0',
    'ALTER TABLE `polls_deleted_choice` ADD COLUMN `write_in` varchar(10) NOT NULL DEFAULT '''', ADD COLUMN `merged_into` bigint NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
