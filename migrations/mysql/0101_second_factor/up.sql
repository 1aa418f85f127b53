-- The second factors of users: a time-based code (RFC 6238), and codes on paper that are good once. The secret of the codes is
-- made of the salt and the site's secret key, so the database alone gives none away. Django deletes users without knowing
-- of these tables, so the database deletes the rows.

CREATE TABLE IF NOT EXISTS `auth_second_factor` (
    `user_id` integer NOT NULL PRIMARY KEY,
    `salt` varchar(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `made_at` datetime(6) NOT NULL,
    `confirmed_at` datetime(6) NULL,
    `last_step` bigint NOT NULL DEFAULT 0,
    CONSTRAINT `auth_second_factor_user_id_fk_auth_user_id`
        FOREIGN KEY (`user_id`) REFERENCES `auth_user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_recovery_code` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `user_id` integer NOT NULL,
    `digest` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `used_at` datetime(6) NULL,
    KEY `auth_recovery_code_user_id` (`user_id`),
    CONSTRAINT `auth_recovery_code_user_id_fk_auth_user_id`
        FOREIGN KEY (`user_id`) REFERENCES `auth_user` (`id`) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
