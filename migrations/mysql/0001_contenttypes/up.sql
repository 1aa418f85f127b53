-- Django's record of its migrations, and its content types.
-- Every up.sql in this folder can be run again after it stopped half-way: DDL commits at once here.

CREATE TABLE IF NOT EXISTS `django_migrations` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `app` varchar(255) NOT NULL,
    `name` varchar(255) NOT NULL,
    `applied` datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `django_content_type` (
    `id` integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `app_label` varchar(100) NOT NULL,
    `model` varchar(100) NOT NULL,
    UNIQUE KEY `django_content_type_app_label_model_76bd3d3b_uniq` (`app_label`, `model`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- So that Django's migrate finds nothing to do. One statement: an app has all of its rows or none.
INSERT INTO `django_migrations` (`app`, `name`, `applied`)
SELECT 'contenttypes', `n`.`name`, UTC_TIMESTAMP(6)
FROM (
    SELECT '0001_initial' AS `name`
    UNION ALL SELECT '0002_remove_content_type_name'
) AS `n`
WHERE NOT EXISTS (SELECT 1 FROM `django_migrations` WHERE `app` = 'contenttypes');
