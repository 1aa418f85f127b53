DROP INDEX "polls_deleted_ballot_question_id_voter";
