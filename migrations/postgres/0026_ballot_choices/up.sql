-- A foreign key locks the choice once for every ballot, and all voters of a poll name the same few choices: that
-- took half of the time of a vote. What the key promised, triggers keep: they look once for all ballots of a statement.

LOCK TABLE "polls_choice", "polls_ballot" IN ACCESS EXCLUSIVE MODE;

ALTER TABLE "polls_ballot" DROP CONSTRAINT "polls_ballot_choice_id_fk_polls_choice_id";

-- The choices are there, and stay until the ballots are committed.
CREATE FUNCTION "polls_ballot_choices"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named bigint[] := ARRAY(SELECT DISTINCT "choice_id" FROM "new_ballots");
    present bigint;
BEGIN
    PERFORM FROM "polls_choice" WHERE "id" = ANY (named) ORDER BY "id" FOR KEY SHARE;
    GET DIAGNOSTICS present = ROW_COUNT;
    IF present < pg_catalog.cardinality(named) THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'a ballot names a choice that is not there',
            TABLE = 'polls_ballot', COLUMN = 'choice_id';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "polls_ballot_choices_of_new" AFTER INSERT ON "polls_ballot"
    REFERENCING NEW TABLE AS "new_ballots"
    FOR EACH STATEMENT EXECUTE FUNCTION "polls_ballot_choices"();

CREATE TRIGGER "polls_ballot_choices_of_changed" AFTER UPDATE ON "polls_ballot"
    REFERENCING NEW TABLE AS "new_ballots"
    FOR EACH STATEMENT EXECUTE FUNCTION "polls_ballot_choices"();

-- A choice takes its ballots along, whoever deletes it. As long as it has some it keeps its number, and TRUNCATE,
-- which does not say which choices it takes, is refused.
CREATE FUNCTION "polls_choice_ballots"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    CASE TG_OP
        WHEN 'DELETE' THEN
            DELETE FROM "polls_ballot" WHERE "choice_id" = OLD."id";
            RETURN NULL;
        WHEN 'UPDATE' THEN
            PERFORM FROM "polls_ballot" WHERE "choice_id" = OLD."id" LIMIT 1;
        ELSE
            PERFORM FROM "polls_ballot" LIMIT 1;
    END CASE;
    IF FOUND THEN
        RAISE foreign_key_violation USING
            MESSAGE = 'ballots would be left without their choice',
            TABLE = 'polls_choice', COLUMN = 'id';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER "polls_choice_ballots_of_deleted" AFTER DELETE ON "polls_choice"
    FOR EACH ROW EXECUTE FUNCTION "polls_choice_ballots"();

CREATE TRIGGER "polls_choice_ballots_of_renumbered" AFTER UPDATE OF "id" ON "polls_choice"
    FOR EACH ROW WHEN (OLD."id" <> NEW."id") EXECUTE FUNCTION "polls_choice_ballots"();

CREATE TRIGGER "polls_choice_ballots_of_truncated" AFTER TRUNCATE ON "polls_choice"
    FOR EACH STATEMENT EXECUTE FUNCTION "polls_choice_ballots"();

-- These tables are meant, whatever the session calls so.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION "polls_ballot_choices"() SET search_path = %I, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION "polls_choice_ballots"() SET search_path = %I, pg_temp', current_schema());
END
$$;
