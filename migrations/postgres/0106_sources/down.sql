DROP TABLE "polls_source";
