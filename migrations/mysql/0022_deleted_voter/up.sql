-- A vote that comes again must find its ballot also among those that a deletion put aside.
-- The index may be there although this was not recorded.

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`statistics`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'polls_deleted_ballot'
            AND `index_name` = 'polls_deleted_ballot_question_id_voter'
    ),
    'DO 0',
    'ALTER TABLE `polls_deleted_ballot` ADD KEY `polls_deleted_ballot_question_id_voter` (`question_id`, `voter`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
