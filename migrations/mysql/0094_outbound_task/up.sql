-- Work that reaches out to other sites, such as fetching the title of a page: `polls outbound` takes it from here.
-- Each piece of work is there once; it is deleted when it is done. Names are compared byte for byte, as on the other
-- databases.

CREATE TABLE IF NOT EXISTS `outbound_task` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `kind` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `app_label` varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `model` varchar(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `object_id` bigint NOT NULL,
    `host` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `created_at` datetime(6) NOT NULL,
    `run_after` datetime(6) NOT NULL,
    `attempts` integer NOT NULL DEFAULT 0,
    `claimed_at` datetime(6) NULL,
    `claimed_by` varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    `failed_at` datetime(6) NULL,
    `last_error` varchar(500) CHARACTER SET utf8mb4 NOT NULL DEFAULT '',
    UNIQUE KEY `outbound_task_object_uniq` (`object_id`, `kind`, `model`, `app_label`),
    KEY `outbound_task_run_after` (`run_after`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4;

-- When a host may be asked again: one is asked by one worker at a time, with a pause.

CREATE TABLE IF NOT EXISTS `outbound_host` (
    `host` varchar(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    `next_at` datetime(6) NOT NULL,
    KEY `outbound_host_next_at` (`next_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4;
