-- The ballots of a choice are put aside, and brought back, in parts. Meanwhile the choice is there and some of its
-- ballots are aside: they go on counting. 0: not so; 1: they are being put aside; 2: they are being brought back.

ALTER TABLE "polls_deleted_choice" ADD COLUMN "moving" smallint NOT NULL DEFAULT 0;
CREATE INDEX "polls_deleted_choice_deleted_at" ON "polls_deleted_choice" ("deleted_at");
