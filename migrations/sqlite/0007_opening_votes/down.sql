-- Forgets what the totals held before they were ours.

ALTER TABLE "polls_choice" DROP COLUMN "opening_votes";
