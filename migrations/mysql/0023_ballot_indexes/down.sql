ALTER TABLE `polls_ballot` ADD CONSTRAINT `polls_ballot_question_id_fk_polls_question_id`
    FOREIGN KEY (`question_id`) REFERENCES `polls_question` (`id`) ON DELETE CASCADE;
