-- The values before and after what the admin's log tells of, for the history and the undo, and what a
-- deletion puts aside until it can no longer be undone.

CREATE TABLE IF NOT EXISTS `admin_change` (
    `log_id` integer NOT NULL PRIMARY KEY,
    `before` longtext NULL,
    `after` longtext NULL,
    `undone_at` datetime(6) NULL,
    CONSTRAINT `admin_change_log_id_fk_django_admin_log_id`
        FOREIGN KEY (`log_id`) REFERENCES `django_admin_log` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `polls_deleted_choice` (
    `id` bigint NOT NULL PRIMARY KEY,
    `question_id` bigint NOT NULL,
    `choice_text` varchar(200) NOT NULL,
    `votes` integer NOT NULL,
    `opening_votes` integer NULL,
    `deleted_at` datetime(6) NOT NULL,
    KEY `polls_deleted_choice_question_id` (`question_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `polls_deleted_ballot` (
    `id` bigint NOT NULL PRIMARY KEY,
    `question_id` bigint NOT NULL,
    `choice_id` bigint NOT NULL,
    `voter` char(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    `cast_at` datetime(6) NOT NULL,
    KEY `polls_deleted_ballot_choice_id` (`choice_id`),
    CONSTRAINT `polls_deleted_ballot_choice_id_fk`
        FOREIGN KEY (`choice_id`) REFERENCES `polls_deleted_choice` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
