DROP TABLE "polls_invitation";
