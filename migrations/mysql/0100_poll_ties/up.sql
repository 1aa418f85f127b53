-- What becomes of a tie for the first place, and the seed of the lot. A question that Django or an older version made calls
-- a tie a tie, and its lot is drawn with its id.
-- Columns may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_question' AND `column_name` = 'lot_seed'
    ),
    'DO 0',
    'ALTER TABLE `polls_question` ADD COLUMN `ties` varchar(10) NOT NULL DEFAULT ''tie'', ADD COLUMN `lot_seed` varchar(64) NOT NULL DEFAULT '''''
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
