-- Takes away every ballot; the totals stay.

DROP TABLE "polls_ballot";
