-- Of a ballot with several marks, only the first is kept.

DELETE FROM `polls_ballot` WHERE `mark` <> 0;
DELETE FROM `polls_deleted_ballot` WHERE `mark` <> 0;
ALTER TABLE `polls_ballot` DROP KEY `polls_ballot_question_id_voter_uniq`, ADD UNIQUE KEY `polls_ballot_question_id_voter_uniq` (`question_id`, `voter`), DROP COLUMN `mark`, DROP COLUMN `value`;
ALTER TABLE `polls_deleted_ballot` DROP COLUMN `mark`, DROP COLUMN `value`;
ALTER TABLE `polls_choice` DROP COLUMN `position`, DROP COLUMN `withdrawn_at`;
ALTER TABLE `polls_deleted_choice` DROP COLUMN `position`, DROP COLUMN `withdrawn_at`;
ALTER TABLE `polls_question` DROP COLUMN `description`, DROP COLUMN `kind`, DROP COLUMN `min_choices`, DROP COLUMN `max_choices`, DROP COLUMN `voters`, DROP COLUMN `results`, DROP COLUMN `choice_order`, DROP COLUMN `is_draft`, DROP COLUMN `may_change`;
