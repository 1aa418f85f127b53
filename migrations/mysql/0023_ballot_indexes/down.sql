-- The key may be there although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`table_constraints`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_ballot'
            AND `constraint_name` = 'polls_ballot_question_id_fk_polls_question_id'
    ),
    'DO 0',
    'ALTER TABLE `polls_ballot` ADD CONSTRAINT `polls_ballot_question_id_fk_polls_question_id` FOREIGN KEY (`question_id`) REFERENCES `polls_question` (`id`) ON DELETE CASCADE'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
