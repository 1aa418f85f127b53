-- Forgets what the totals held before they were ours.
-- The column may be gone although this was not recorded; only MariaDB has DROP COLUMN IF EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_choice' AND `column_name` = 'opening_votes'
    ),
    'ALTER TABLE `polls_choice` DROP COLUMN `opening_votes`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
