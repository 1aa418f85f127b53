ALTER TABLE "polls_question" DROP COLUMN "lot_seed";
ALTER TABLE "polls_question" DROP COLUMN "ties";
