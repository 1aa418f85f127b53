DROP TABLE "polls_public_change";
