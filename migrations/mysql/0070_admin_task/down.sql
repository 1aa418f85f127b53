-- Forgets what was done together.

ALTER TABLE `admin_change` DROP COLUMN `task_id`;
DROP TABLE IF EXISTS `admin_task`;
