-- The values before and after what the admin's log tells of, for the history and the undo, and what a
-- deletion puts aside until it can no longer be undone.

CREATE TABLE "admin_change" (
    "log_id" integer NOT NULL PRIMARY KEY REFERENCES "django_admin_log" ("id") ON DELETE CASCADE,
    "before" text NULL,
    "after" text NULL,
    "undone_at" datetime NULL
);

CREATE TABLE "polls_deleted_choice" (
    "id" bigint NOT NULL PRIMARY KEY,
    "question_id" bigint NOT NULL,
    "choice_text" varchar(200) NOT NULL,
    "votes" integer NOT NULL,
    "opening_votes" integer NULL,
    "deleted_at" datetime NOT NULL
);

CREATE TABLE "polls_deleted_ballot" (
    "id" bigint NOT NULL PRIMARY KEY,
    "question_id" bigint NOT NULL,
    "choice_id" bigint NOT NULL REFERENCES "polls_deleted_choice" ("id") ON DELETE CASCADE,
    "voter" char(32) NOT NULL,
    "cast_at" datetime NOT NULL
);

CREATE INDEX "polls_deleted_choice_question_id" ON "polls_deleted_choice" ("question_id");
CREATE INDEX "polls_deleted_ballot_choice_id" ON "polls_deleted_ballot" ("choice_id");
