-- What becomes of a tie for the first place, and the seed of the lot. A question that Django or an older version made calls
-- a tie a tie, and its lot is drawn with its id.

ALTER TABLE "polls_question" ADD COLUMN "ties" varchar(10) NOT NULL DEFAULT 'tie';
ALTER TABLE "polls_question" ADD COLUMN "lot_seed" varchar(64) NOT NULL DEFAULT '';
