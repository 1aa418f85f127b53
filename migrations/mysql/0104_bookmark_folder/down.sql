ALTER TABLE `bookmark_bookmark` DROP COLUMN `folder`;
