-- When a question stops taking votes; Django, which does not know the column, leaves it NULL: never.

ALTER TABLE "polls_question" ADD COLUMN "close_date" timestamp with time zone NULL;

CREATE INDEX "polls_question_pub_date" ON "polls_question" ("pub_date", "id");

CREATE INDEX "polls_ballot_cast_at" ON "polls_ballot" ("cast_at");
