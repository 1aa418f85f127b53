-- One row for each vote, never changed.
-- Django deletes questions and choices without knowing of ballots, so the database takes these along.
-- Voters are compared byte for byte, as on the other databases.

CREATE TABLE IF NOT EXISTS `polls_ballot` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `question_id` bigint NOT NULL,
    `choice_id` bigint NOT NULL,
    `voter` char(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    `cast_at` datetime(6) NOT NULL,
    UNIQUE KEY `polls_ballot_question_id_voter_uniq` (`question_id`, `voter`),
    KEY `polls_ballot_choice_id` (`choice_id`),
    CONSTRAINT `polls_ballot_question_id_fk_polls_question_id`
        FOREIGN KEY (`question_id`) REFERENCES `polls_question` (`id`) ON DELETE CASCADE,
    CONSTRAINT `polls_ballot_choice_id_fk_polls_choice_id`
        FOREIGN KEY (`choice_id`) REFERENCES `polls_choice` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
