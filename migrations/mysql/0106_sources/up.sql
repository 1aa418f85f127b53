-- The bookmarks that are the sources of polls, copied with the first vote (src/polls/sources.rs). A deleted question leaves
-- its sources, which are shown again when the deletion is undone.

CREATE TABLE IF NOT EXISTS `polls_source` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `question_id` bigint NOT NULL,
    `bookmark_id` bigint NOT NULL,
    `position` integer NOT NULL,
    `title` longtext NOT NULL,
    `url` longtext NOT NULL,
    `description` longtext NOT NULL,
    `frozen_at` datetime(6) NULL,
    `is_late` bool NOT NULL,
    `withdrawn_at` datetime(6) NULL,
    KEY `polls_source_question_id` (`question_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
