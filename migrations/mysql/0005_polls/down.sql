-- Takes away questions and choices.

DROP TABLE IF EXISTS `polls_choice`;
DROP TABLE IF EXISTS `polls_question`;
DELETE FROM `django_migrations` WHERE `app` = 'polls';
