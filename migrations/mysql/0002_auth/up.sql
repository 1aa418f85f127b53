-- Users, groups and permissions, as Django's auth 0001 to 0012 leave them.
-- A foreign key that no unique key begins with gets an index of its own name, as InnoDB gives it.

CREATE TABLE IF NOT EXISTS `auth_permission` (
    `id` integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `name` varchar(255) NOT NULL,
    `content_type_id` integer NOT NULL,
    `codename` varchar(100) NOT NULL,
    UNIQUE KEY `auth_permission_content_type_id_codename_01ab375a_uniq` (`content_type_id`, `codename`),
    CONSTRAINT `auth_permission_content_type_id_2f476e4b_fk_django_co`
        FOREIGN KEY (`content_type_id`) REFERENCES `django_content_type` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_group` (
    `id` integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `name` varchar(150) NOT NULL,
    UNIQUE KEY `name` (`name`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_group_permissions` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `group_id` integer NOT NULL,
    `permission_id` integer NOT NULL,
    UNIQUE KEY `auth_group_permissions_group_id_permission_id_0cd325b0_uniq` (`group_id`, `permission_id`),
    KEY `auth_group_permissio_permission_id_84c5c92e_fk_auth_perm` (`permission_id`),
    CONSTRAINT `auth_group_permissio_permission_id_84c5c92e_fk_auth_perm`
        FOREIGN KEY (`permission_id`) REFERENCES `auth_permission` (`id`),
    CONSTRAINT `auth_group_permissions_group_id_b120cbf9_fk_auth_group_id`
        FOREIGN KEY (`group_id`) REFERENCES `auth_group` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_user` (
    `id` integer NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `password` varchar(128) NOT NULL,
    `last_login` datetime(6) NULL,
    `is_superuser` bool NOT NULL,
    `username` varchar(150) NOT NULL,
    `first_name` varchar(150) NOT NULL,
    `last_name` varchar(150) NOT NULL,
    `email` varchar(254) NOT NULL,
    `is_staff` bool NOT NULL,
    `is_active` bool NOT NULL,
    `date_joined` datetime(6) NOT NULL,
    UNIQUE KEY `username` (`username`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_user_groups` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `user_id` integer NOT NULL,
    `group_id` integer NOT NULL,
    UNIQUE KEY `auth_user_groups_user_id_group_id_94350c0c_uniq` (`user_id`, `group_id`),
    KEY `auth_user_groups_group_id_97559544_fk_auth_group_id` (`group_id`),
    CONSTRAINT `auth_user_groups_group_id_97559544_fk_auth_group_id`
        FOREIGN KEY (`group_id`) REFERENCES `auth_group` (`id`),
    CONSTRAINT `auth_user_groups_user_id_6a12ed8b_fk_auth_user_id`
        FOREIGN KEY (`user_id`) REFERENCES `auth_user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `auth_user_user_permissions` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `user_id` integer NOT NULL,
    `permission_id` integer NOT NULL,
    UNIQUE KEY `auth_user_user_permissions_user_id_permission_id_14a6b632_uniq` (`user_id`, `permission_id`),
    KEY `auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm` (`permission_id`),
    CONSTRAINT `auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm`
        FOREIGN KEY (`permission_id`) REFERENCES `auth_permission` (`id`),
    CONSTRAINT `auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id`
        FOREIGN KEY (`user_id`) REFERENCES `auth_user` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO `django_migrations` (`app`, `name`, `applied`)
SELECT 'auth', `n`.`name`, UTC_TIMESTAMP(6)
FROM (
    SELECT '0001_initial' AS `name`
    UNION ALL SELECT '0002_alter_permission_name_max_length'
    UNION ALL SELECT '0003_alter_user_email_max_length'
    UNION ALL SELECT '0004_alter_user_username_opts'
    UNION ALL SELECT '0005_alter_user_last_login_null'
    UNION ALL SELECT '0006_require_contenttypes_0002'
    UNION ALL SELECT '0007_alter_validators_add_error_messages'
    UNION ALL SELECT '0008_alter_user_username_max_length'
    UNION ALL SELECT '0009_alter_user_last_name_max_length'
    UNION ALL SELECT '0010_alter_group_name_max_length'
    UNION ALL SELECT '0011_update_proxy_permissions'
    UNION ALL SELECT '0012_alter_user_first_name_max_length'
) AS `n`
WHERE NOT EXISTS (SELECT 1 FROM `django_migrations` WHERE `app` = 'auth');
