-- The links of polls by invitation: each votes once. A link's secret is stored as a hash only. Nothing here says whether
-- it has voted: the ballots do. A deleted question leaves its links, which are good again when the deletion is undone.

CREATE TABLE IF NOT EXISTS `polls_invitation` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `question_id` bigint NOT NULL,
    `token_hash` char(32) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    `label` varchar(200) NOT NULL DEFAULT '',
    `created_at` datetime(6) NOT NULL,
    `withdrawn_at` datetime(6) NULL,
    UNIQUE KEY `polls_invitation_token_hash_uniq` (`token_hash`),
    KEY `polls_invitation_question_id` (`question_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
