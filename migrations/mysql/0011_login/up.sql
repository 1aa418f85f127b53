-- Failed logins of the last minutes, so that every process sees them, and the link at which the first
-- administrator is made. Names, addresses and tokens are kept as hashes.
-- Whoever counts failures holds the one row of auth_login_turn, so that of many at once none is overlooked.

CREATE TABLE IF NOT EXISTS `auth_login_failure` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `account` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `address` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `at` datetime(6) NOT NULL,
    KEY `auth_login_failure_account` (`account`, `address`),
    KEY `auth_login_failure_address` (`address`),
    KEY `auth_login_failure_at` (`at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_login_turn` (
    `id` integer NOT NULL PRIMARY KEY,
    `turn` integer NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT IGNORE INTO `auth_login_turn` (`id`, `turn`) VALUES (1, 0);

CREATE TABLE IF NOT EXISTS `auth_setup_link` (
    `token` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    `expires_at` datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
