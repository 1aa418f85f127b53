CREATE INDEX "polls_ballot_cast_at" ON "polls_ballot" ("cast_at");
