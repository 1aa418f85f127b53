-- What a bookmark of the API has besides: notes for those who may view bookmarks in the admin, and whether it is put
-- away. Django, which does not know the columns, leaves them at their defaults. A tag says when it was made; NULL if that
-- is unknown. Whoever adds a bookmark by the API holds the one row of bookmark_turn, so that of two spellings of one
-- address, sent at the same time, one is added.

ALTER TABLE "bookmark_bookmark"
    ADD COLUMN "notes" text NOT NULL DEFAULT '',
    ADD COLUMN "is_archived" boolean NOT NULL DEFAULT false;

ALTER TABLE "bookmark_tag" ADD COLUMN "added_at" timestamp with time zone NULL;

CREATE TABLE "bookmark_turn" (
    "id" integer NOT NULL PRIMARY KEY,
    "turn" integer NOT NULL
);

INSERT INTO "bookmark_turn" ("id", "turn") VALUES (1, 0);
