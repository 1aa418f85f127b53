-- What differs in case alone is refused by the narrower comparison; it has to be told apart before.

ALTER TABLE `auth_group` MODIFY COLUMN `name` varchar(150) CHARACTER SET utf8mb4 NOT NULL;

ALTER TABLE `bookmark_bookmark` MODIFY COLUMN `url` varchar(200) CHARACTER SET utf8mb4 NOT NULL;
