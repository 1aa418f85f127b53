ALTER TABLE `polls_question` DROP INDEX `polls_question_pub_date`, DROP COLUMN `close_date`;
