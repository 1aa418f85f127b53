DROP TABLE IF EXISTS `polls_participation`;
ALTER TABLE `polls_question` DROP COLUMN `is_secret`;
