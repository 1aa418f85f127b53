-- The ballots of a choice are put aside, and brought back, in parts. Meanwhile the choice is there and some of its
-- ballots are aside: they go on counting. 0: not so; 1: they are being put aside; 2: they are being brought back.
-- The column may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_deleted_choice' AND `column_name` = 'moving'
    ),
    'DO 0',
    'ALTER TABLE `polls_deleted_choice` ADD COLUMN `moving` smallint NOT NULL DEFAULT 0, ADD KEY `polls_deleted_choice_deleted_at` (`deleted_at`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
