-- What has to be known to make a mail to a user when it is sent: not its text, which may have a secret link. A row of a
-- request for a new password has the address that was typed, until `polls outbound` has looked whose it is; the rows of
-- mails stay for a while, so that nobody is sent too many.

CREATE TABLE IF NOT EXISTS `auth_mail` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `kind` varchar(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `user_id` integer NULL,
    `address` varchar(254) CHARACTER SET utf8mb4 NOT NULL DEFAULT '',
    `language` varchar(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `asked_at` datetime(6) NOT NULL,
    `sent_at` datetime(6) NULL,
    KEY `auth_mail_user_id` (`user_id`),
    KEY `auth_mail_asked_at` (`asked_at`)
) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4;
