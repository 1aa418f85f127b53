-- Of a ballot with several marks, only the first is kept.

DELETE FROM "polls_ballot" WHERE "mark" <> 0;
DELETE FROM "polls_deleted_ballot" WHERE "mark" <> 0;
ALTER TABLE "polls_ballot" DROP CONSTRAINT "polls_ballot_question_id_voter_uniq";
ALTER TABLE "polls_ballot" ADD CONSTRAINT "polls_ballot_question_id_voter_uniq" UNIQUE ("question_id", "voter");
ALTER TABLE "polls_ballot" DROP COLUMN "mark";
ALTER TABLE "polls_ballot" DROP COLUMN "value";
ALTER TABLE "polls_deleted_ballot" DROP COLUMN "mark";
ALTER TABLE "polls_deleted_ballot" DROP COLUMN "value";
ALTER TABLE "polls_choice" DROP COLUMN "position";
ALTER TABLE "polls_choice" DROP COLUMN "withdrawn_at";
ALTER TABLE "polls_deleted_choice" DROP COLUMN "position";
ALTER TABLE "polls_deleted_choice" DROP COLUMN "withdrawn_at";
ALTER TABLE "polls_question" DROP COLUMN "description";
ALTER TABLE "polls_question" DROP COLUMN "kind";
ALTER TABLE "polls_question" DROP COLUMN "min_choices";
ALTER TABLE "polls_question" DROP COLUMN "max_choices";
ALTER TABLE "polls_question" DROP COLUMN "voters";
ALTER TABLE "polls_question" DROP COLUMN "results";
ALTER TABLE "polls_question" DROP COLUMN "choice_order";
ALTER TABLE "polls_question" DROP COLUMN "is_draft";
ALTER TABLE "polls_question" DROP COLUMN "may_change";
