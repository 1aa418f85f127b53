CREATE INDEX "polls_ballot_cast_at" ON "polls_ballot" USING brin ("cast_at") WITH (pages_per_range = 32, autosummarize = on);
