-- Counts the writes that change what a page for readers without a session shows, whoever makes them: a page in memory
-- is good for as long as the number is the same. Logins and sessions leave it as it is.
-- A table that Django rebuilds loses its triggers; then every commit counts.

CREATE TABLE "polls_public_change" (
    "id" integer NOT NULL PRIMARY KEY,
    "number" integer NOT NULL
);

INSERT INTO "polls_public_change" ("id", "number") VALUES (1, 0);

CREATE TRIGGER "polls_question_insert_is_public" AFTER INSERT ON "polls_question"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "polls_question_update_is_public" AFTER UPDATE ON "polls_question"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "polls_question_delete_is_public" AFTER DELETE ON "polls_question"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;

CREATE TRIGGER "polls_choice_insert_is_public" AFTER INSERT ON "polls_choice"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "polls_choice_update_is_public" AFTER UPDATE ON "polls_choice"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "polls_choice_delete_is_public" AFTER DELETE ON "polls_choice"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;

CREATE TRIGGER "bookmark_bookmark_insert_is_public" AFTER INSERT ON "bookmark_bookmark"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_bookmark_update_is_public" AFTER UPDATE ON "bookmark_bookmark"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_bookmark_delete_is_public" AFTER DELETE ON "bookmark_bookmark"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
