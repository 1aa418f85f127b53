-- Questions and their choices.

CREATE TABLE IF NOT EXISTS `polls_question` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `question_text` varchar(200) NOT NULL,
    `pub_date` datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `polls_choice` (
    `id` bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `choice_text` varchar(200) NOT NULL,
    `votes` integer NOT NULL,
    `question_id` bigint NOT NULL,
    KEY `polls_choice_question_id_c5b4b260_fk_polls_question_id` (`question_id`),
    CONSTRAINT `polls_choice_question_id_c5b4b260_fk_polls_question_id`
        FOREIGN KEY (`question_id`) REFERENCES `polls_question` (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

INSERT INTO `django_migrations` (`app`, `name`, `applied`)
SELECT 'polls', '0001_initial', UTC_TIMESTAMP(6) FROM DUAL
WHERE NOT EXISTS (SELECT 1 FROM `django_migrations` WHERE `app` = 'polls');
