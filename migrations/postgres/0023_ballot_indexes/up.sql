-- A ballot's choice has a question and keeps it, and no question goes before its choices: to look the question
-- up for every ballot once more took a quarter of the time of an insert.

ALTER TABLE "polls_ballot" DROP CONSTRAINT "polls_ballot_question_id_fk_polls_question_id";

-- Ballots lie in the order in which they were cast, so a summary of each stretch finds a day's.

DROP INDEX "polls_ballot_cast_at";
CREATE INDEX "polls_ballot_cast_at" ON "polls_ballot" USING brin ("cast_at") WITH (pages_per_range = 32, autosummarize = on);
