-- What a choice's total held before it was ours; NULL while the total is not ours yet.
-- Django, which does not know the column, leaves it NULL in the choices it adds.
-- The column may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_choice' AND `column_name` = 'opening_votes'
    ),
    'DO 0',
    'ALTER TABLE `polls_choice` ADD COLUMN `opening_votes` integer NULL'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
