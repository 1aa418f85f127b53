-- Forgets mails that were not sent.

DROP TABLE "auth_mail";
