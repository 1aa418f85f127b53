ALTER TABLE "polls_deleted_choice" DROP COLUMN "merged_into";
ALTER TABLE "polls_deleted_choice" DROP COLUMN "write_in";
ALTER TABLE "polls_choice" DROP COLUMN "merged_into";
ALTER TABLE "polls_choice" DROP COLUMN "write_in";
ALTER TABLE "polls_question" DROP COLUMN "write_ins";
