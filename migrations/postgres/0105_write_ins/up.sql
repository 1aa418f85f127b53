-- Answers that voters write themselves. Such an answer is a choice that only staff see: proposed, refused, or merged into
-- another choice, whose votes it then adds to on every page. Accepted, it is a choice like others.

ALTER TABLE "polls_question" ADD COLUMN "write_ins" boolean NOT NULL DEFAULT false;
ALTER TABLE "polls_choice" ADD COLUMN "write_in" varchar(10) NOT NULL DEFAULT '';
ALTER TABLE "polls_choice" ADD COLUMN "merged_into" bigint NULL;
ALTER TABLE "polls_deleted_choice" ADD COLUMN "write_in" varchar(10) NOT NULL DEFAULT '';
ALTER TABLE "polls_deleted_choice" ADD COLUMN "merged_into" bigint NULL;
