ALTER TABLE `polls_deleted_ballot` DROP KEY `polls_deleted_ballot_question_id_voter`;
