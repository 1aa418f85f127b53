-- Tokens by which programs use the API in a user's name. Only the SHA-256 of a token is kept: a token has 256 random
-- bits, so nobody finds it from its hash. Django deletes users without knowing of tokens, so the database deletes these.

CREATE TABLE IF NOT EXISTS `auth_apitoken` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `user_id` integer NOT NULL,
    `name` varchar(100) CHARACTER SET utf8mb4 NOT NULL,
    `prefix` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `digest` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `scope` varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `created_at` datetime(6) NOT NULL,
    `expires_at` datetime(6) NULL,
    `last_used_at` datetime(6) NULL,
    `revoked_at` datetime(6) NULL,
    UNIQUE KEY `auth_apitoken_digest_uniq` (`digest`),
    KEY `auth_apitoken_user_id` (`user_id`),
    CONSTRAINT `auth_apitoken_user_id_fk_auth_user_id`
        FOREIGN KEY (`user_id`) REFERENCES `auth_user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
