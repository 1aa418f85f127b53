LOCK TABLE "polls_choice", "polls_ballot" IN ACCESS EXCLUSIVE MODE;

DROP TRIGGER "polls_choice_ballots_of_truncated" ON "polls_choice";
DROP TRIGGER "polls_choice_ballots_of_renumbered" ON "polls_choice";
DROP TRIGGER "polls_choice_ballots_of_deleted" ON "polls_choice";
DROP FUNCTION "polls_choice_ballots"();
DROP TRIGGER "polls_ballot_choices_of_changed" ON "polls_ballot";
DROP TRIGGER "polls_ballot_choices_of_new" ON "polls_ballot";
DROP FUNCTION "polls_ballot_choices"();

ALTER TABLE "polls_ballot" ADD CONSTRAINT "polls_ballot_choice_id_fk_polls_choice_id"
    FOREIGN KEY ("choice_id") REFERENCES "polls_choice" ("id") ON DELETE CASCADE;
