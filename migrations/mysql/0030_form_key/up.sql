-- What a form of the admin came to, under a hash of the key that the form carried, so that a form that is sent
-- twice counts once and is answered twice. Kept for a day.

CREATE TABLE IF NOT EXISTS `web_form_key` (
    `digest` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    `content` char(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `outcome` longtext CHARACTER SET utf8mb4 NULL,
    `told` bool NOT NULL,
    `made_at` datetime(6) NOT NULL,
    KEY `web_form_key_made_at` (`made_at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
