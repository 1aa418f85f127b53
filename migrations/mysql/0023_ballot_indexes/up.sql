-- A ballot's choice has a question and keeps it, and no question goes before its choices: to look the question
-- up for every ballot once more costs time, and locks it.

ALTER TABLE `polls_ballot` DROP FOREIGN KEY `polls_ballot_question_id_fk_polls_question_id`;
