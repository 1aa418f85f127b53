-- What has to be known to make a mail to a user when it is sent: not its text, which may have a secret link. A row of a
-- request for a new password has the address that was typed, until `polls outbound` has looked whose it is; the rows of
-- mails stay for a while, so that nobody is sent too many.

CREATE TABLE "auth_mail" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" varchar(20) NOT NULL,
    "user_id" integer NULL,
    "address" varchar(254) NOT NULL DEFAULT '',
    "language" varchar(10) NOT NULL,
    "asked_at" datetime NOT NULL,
    "sent_at" datetime NULL
);

CREATE INDEX "auth_mail_user_id" ON "auth_mail" ("user_id");
CREATE INDEX "auth_mail_asked_at" ON "auth_mail" ("asked_at");
