DROP INDEX "polls_ballot_cast_at";
DROP INDEX "polls_question_pub_date";

ALTER TABLE "polls_question" DROP COLUMN "close_date";
