DROP TABLE "polls_wording";
