-- What a choice's total held before it was ours; NULL while the total is not ours yet.
-- Django, which does not know the column, leaves it NULL in the choices it adds.

ALTER TABLE "polls_choice" ADD COLUMN "opening_votes" integer NULL;
