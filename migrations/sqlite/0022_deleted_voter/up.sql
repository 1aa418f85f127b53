-- A vote that comes again must find its ballot also among those that a deletion put aside.

CREATE INDEX "polls_deleted_ballot_question_id_voter" ON "polls_deleted_ballot" ("question_id", "voter");
