DROP INDEX "polls_ballot_cast_at";
CREATE INDEX "polls_ballot_cast_at" ON "polls_ballot" ("cast_at");

ALTER TABLE "polls_ballot" ADD CONSTRAINT "polls_ballot_question_id_fk_polls_question_id"
    FOREIGN KEY ("question_id") REFERENCES "polls_question" ("id") ON DELETE CASCADE;
