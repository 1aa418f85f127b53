-- One row for each vote, never changed.
-- Django deletes questions and choices without knowing of ballots, so the database takes these along;
-- the keys are checked at once, not at commit, so that one bad ballot fails alone.

CREATE TABLE "polls_ballot" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "question_id" bigint NOT NULL REFERENCES "polls_question" ("id") ON DELETE CASCADE,
    "choice_id" bigint NOT NULL REFERENCES "polls_choice" ("id") ON DELETE CASCADE,
    "voter" char(32) NOT NULL,
    "cast_at" datetime NOT NULL
);

CREATE UNIQUE INDEX "polls_ballot_question_id_voter_uniq"
    ON "polls_ballot" ("question_id", "voter");
CREATE INDEX "polls_ballot_choice_id"
    ON "polls_ballot" ("choice_id");
