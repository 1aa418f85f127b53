DROP TABLE "polls_participation";
ALTER TABLE "polls_question" DROP COLUMN "is_secret";
