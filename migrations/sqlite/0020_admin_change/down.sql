DROP TABLE "polls_deleted_ballot";
DROP TABLE "polls_deleted_choice";
DROP TABLE "admin_change";
