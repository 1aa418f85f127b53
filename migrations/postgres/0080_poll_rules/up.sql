-- The rules of a poll, a choice's place, and ballots with several marks. Django, which does not know these columns, leaves
-- them at their defaults: a question whose rules are as they were before.

ALTER TABLE "polls_question" ADD COLUMN "description" text NOT NULL DEFAULT '';
ALTER TABLE "polls_question" ADD COLUMN "kind" varchar(10) NOT NULL DEFAULT 'single';
ALTER TABLE "polls_question" ADD COLUMN "min_choices" smallint NOT NULL DEFAULT 0;
ALTER TABLE "polls_question" ADD COLUMN "max_choices" smallint NOT NULL DEFAULT 0;
ALTER TABLE "polls_question" ADD COLUMN "voters" varchar(10) NOT NULL DEFAULT 'open';
ALTER TABLE "polls_question" ADD COLUMN "results" varchar(10) NOT NULL DEFAULT 'always';
ALTER TABLE "polls_question" ADD COLUMN "choice_order" varchar(10) NOT NULL DEFAULT 'written';
ALTER TABLE "polls_question" ADD COLUMN "is_draft" boolean NOT NULL DEFAULT false;
ALTER TABLE "polls_question" ADD COLUMN "may_change" boolean NOT NULL DEFAULT false;

ALTER TABLE "polls_choice" ADD COLUMN "position" integer NOT NULL DEFAULT 0;
ALTER TABLE "polls_choice" ADD COLUMN "withdrawn_at" timestamp with time zone NULL;

-- A ballot has a row for each of its marks, numbered from 0, so a voter's second ballot of a question is still refused.
ALTER TABLE "polls_ballot" ADD COLUMN "mark" smallint NOT NULL DEFAULT 0;
ALTER TABLE "polls_ballot" ADD COLUMN "value" smallint NOT NULL DEFAULT 1;
ALTER TABLE "polls_ballot" DROP CONSTRAINT "polls_ballot_question_id_voter_uniq";
ALTER TABLE "polls_ballot" ADD CONSTRAINT "polls_ballot_question_id_voter_uniq" UNIQUE ("question_id", "voter", "mark");

ALTER TABLE "polls_deleted_choice" ADD COLUMN "position" integer NOT NULL DEFAULT 0;
ALTER TABLE "polls_deleted_choice" ADD COLUMN "withdrawn_at" timestamp with time zone NULL;
ALTER TABLE "polls_deleted_ballot" ADD COLUMN "mark" smallint NOT NULL DEFAULT 0;
ALTER TABLE "polls_deleted_ballot" ADD COLUMN "value" smallint NOT NULL DEFAULT 1;
