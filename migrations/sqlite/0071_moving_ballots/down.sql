-- What is on its way is taken for deleted.

DROP INDEX "polls_deleted_choice_deleted_at";
ALTER TABLE "polls_deleted_choice" DROP COLUMN "moving";
