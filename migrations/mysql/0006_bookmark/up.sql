-- Bookmarks.

CREATE TABLE IF NOT EXISTS `bookmark_bookmark` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `title` varchar(100) NULL,
    `url` varchar(200) NOT NULL,
    UNIQUE KEY `url` (`url`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO `django_migrations` (`app`, `name`, `applied`)
SELECT 'bookmark', '0001_initial', UTC_TIMESTAMP(6) FROM DUAL
WHERE NOT EXISTS (SELECT 1 FROM `django_migrations` WHERE `app` = 'bookmark');
