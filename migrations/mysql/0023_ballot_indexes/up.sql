-- A ballot's choice has a question and keeps it, and no question goes before its choices: to look the question
-- up for every ballot once more costs time, and locks it.
-- The key may be gone although this was not recorded; only MariaDB has DROP FOREIGN KEY IF EXISTS.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`table_constraints`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_ballot'
            AND `constraint_name` = 'polls_ballot_question_id_fk_polls_question_id'
    ),
    'ALTER TABLE `polls_ballot` DROP FOREIGN KEY `polls_ballot_question_id_fk_polls_question_id`',
    'DO 0'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
