ALTER TABLE `polls_question` DROP COLUMN `lot_seed`, DROP COLUMN `ties`;
