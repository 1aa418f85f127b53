-- How the texts of a poll and its choices were changed after the first vote: voters are shown it. A deleted question leaves
-- its changes, which are shown again when the deletion is undone.

CREATE TABLE "polls_wording" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "question_id" bigint NOT NULL,
    "choice_id" bigint NULL,
    "old_text" text NOT NULL,
    "new_text" text NOT NULL,
    "changed_at" datetime NOT NULL
);

CREATE INDEX "polls_wording_question_id" ON "polls_wording" ("question_id");
