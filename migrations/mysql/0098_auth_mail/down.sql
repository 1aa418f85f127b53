-- Forgets mails that were not sent.

DROP TABLE IF EXISTS `auth_mail`;
