-- The admin's log of what was added, changed and deleted.

CREATE TABLE IF NOT EXISTS `django_admin_log` (
    `id` integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `action_time` datetime(6) NOT NULL,
    `object_id` longtext NULL,
    `object_repr` varchar(200) NOT NULL,
    `action_flag` smallint unsigned NOT NULL CHECK (`action_flag` >= 0),
    `change_message` longtext NOT NULL,
    `content_type_id` integer NULL,
    `user_id` integer NOT NULL,
    KEY `django_admin_log_content_type_id_c4bce8eb_fk_django_co` (`content_type_id`),
    KEY `django_admin_log_user_id_c564eba6_fk_auth_user_id` (`user_id`),
    CONSTRAINT `django_admin_log_content_type_id_c4bce8eb_fk_django_co`
        FOREIGN KEY (`content_type_id`) REFERENCES `django_content_type` (`id`),
    CONSTRAINT `django_admin_log_user_id_c564eba6_fk_auth_user_id`
        FOREIGN KEY (`user_id`) REFERENCES `auth_user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO `django_migrations` (`app`, `name`, `applied`)
SELECT 'admin', `n`.`name`, UTC_TIMESTAMP(6)
FROM (
    SELECT '0001_initial' AS `name`
    UNION ALL SELECT '0002_logentry_remove_auto_add'
    UNION ALL SELECT '0003_logentry_add_action_flag_choices'
) AS `n`
WHERE NOT EXISTS (SELECT 1 FROM `django_migrations` WHERE `app` = 'admin');
