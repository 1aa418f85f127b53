-- Tags of bookmarks. `folded` is the name without its case: two names that differ only in case are one tag.
-- Django deletes bookmarks without knowing of tags, so the database deletes the rows that tie them.

CREATE TABLE "bookmark_tag" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "name" varchar(64) NOT NULL,
    "folded" varchar(200) NOT NULL UNIQUE
);

CREATE TABLE "bookmark_tagging" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "bookmark_id" bigint NOT NULL REFERENCES "bookmark_bookmark" ("id") ON DELETE CASCADE,
    "tag_id" bigint NOT NULL REFERENCES "bookmark_tag" ("id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "bookmark_tagging_bookmark_id_tag_id_uniq" ON "bookmark_tagging" ("bookmark_id", "tag_id");
CREATE INDEX "bookmark_tagging_tag_id" ON "bookmark_tagging" ("tag_id");

-- Pages for readers without a session show tags.
CREATE TRIGGER "bookmark_tag_insert_is_public" AFTER INSERT ON "bookmark_tag"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_tag_update_is_public" AFTER UPDATE ON "bookmark_tag"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_tag_delete_is_public" AFTER DELETE ON "bookmark_tag"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;

CREATE TRIGGER "bookmark_tagging_insert_is_public" AFTER INSERT ON "bookmark_tagging"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_tagging_update_is_public" AFTER UPDATE ON "bookmark_tagging"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
CREATE TRIGGER "bookmark_tagging_delete_is_public" AFTER DELETE ON "bookmark_tagging"
    BEGIN UPDATE "polls_public_change" SET "number" = "number" + 1; END;
