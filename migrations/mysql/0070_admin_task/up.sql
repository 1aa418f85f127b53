-- Work of the admin on many objects, which is done in short transactions: how far it is, and which changes it made.
-- Kept for a day. The column may be there although this was not recorded; only MariaDB has ADD COLUMN IF NOT EXISTS.

CREATE TABLE IF NOT EXISTS `admin_task` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `user_id` integer NOT NULL,
    `app_label` varchar(100) NOT NULL,
    `model` varchar(100) NOT NULL,
    `work` varchar(100) NOT NULL,
    `way_back` longtext NOT NULL,
    `total` bigint NOT NULL,
    `reached` bigint NOT NULL,
    `done` bigint NOT NULL,
    `skipped` bigint NOT NULL,
    `beat_at` datetime(6) NOT NULL,
    `ended_at` datetime(6) NULL,
    `fault` varchar(100) NULL,
    KEY `admin_task_beat_at` (`beat_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

SET @polls_alter = IF(
    EXISTS (
        SELECT 1 FROM `information_schema`.`columns`
        WHERE `table_schema` = DATABASE() AND `table_name` = 'admin_change' AND `column_name` = 'task_id'
    ),
    'DO 0',
    'ALTER TABLE `admin_change` ADD COLUMN `task_id` bigint NULL, ADD KEY `admin_change_task_id` (`task_id`)'
);
PREPARE polls_alter FROM @polls_alter;
EXECUTE polls_alter;
DEALLOCATE PREPARE polls_alter;
