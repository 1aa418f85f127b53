-- What was found when the page of a bookmark was asked for. Not columns of Django's table: a check is no change of the
-- bookmark.

CREATE TABLE "bookmark_check" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "bookmark_id" bigint NOT NULL UNIQUE REFERENCES "bookmark_bookmark" ("id") ON DELETE CASCADE,
    "checked_at" datetime NOT NULL,
    "state" varchar(20) NOT NULL,
    "status" integer NULL,
    "new_address" text NOT NULL,
    "first_failed_at" datetime NULL,
    "reason" varchar(500) NOT NULL
);

CREATE INDEX "bookmark_check_state" ON "bookmark_check" ("state");

-- The public page of a bookmark says when it was checked.
CREATE TRIGGER "bookmark_check_insert_is_public" AFTER INSERT ON "bookmark_check"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_check_update_is_public" AFTER UPDATE ON "bookmark_check"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_check_delete_is_public" AFTER DELETE ON "bookmark_check"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
