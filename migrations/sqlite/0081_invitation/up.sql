-- The links of polls by invitation: each votes once. A link's secret is stored as a hash only. Nothing here says whether
-- it has voted: the ballots do. A deleted question leaves its links, which are good again when the deletion is undone.

CREATE TABLE "polls_invitation" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "question_id" bigint NOT NULL,
    "token_hash" char(32) NOT NULL UNIQUE,
    "label" varchar(200) NOT NULL DEFAULT '',
    "created_at" datetime NOT NULL,
    "withdrawn_at" datetime NULL
);

CREATE INDEX "polls_invitation_question_id" ON "polls_invitation" ("question_id");
