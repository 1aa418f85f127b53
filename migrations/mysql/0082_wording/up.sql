-- How the texts of a poll and its choices were changed after the first vote: voters are shown it. A deleted question leaves
-- its changes, which are shown again when the deletion is undone.

CREATE TABLE IF NOT EXISTS `polls_wording` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `question_id` bigint NOT NULL,
    `choice_id` bigint NULL,
    `old_text` longtext NOT NULL,
    `new_text` longtext NOT NULL,
    `changed_at` datetime(6) NOT NULL,
    KEY `polls_wording_question_id` (`question_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
