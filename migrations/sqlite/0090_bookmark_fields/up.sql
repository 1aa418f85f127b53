-- What a bookmark has besides Django's columns. Django, which does not know them, leaves them at their defaults.

ALTER TABLE "bookmark_bookmark" ADD COLUMN "description" text NOT NULL DEFAULT '';
ALTER TABLE "bookmark_bookmark" ADD COLUMN "is_private" bool NOT NULL DEFAULT 0;
ALTER TABLE "bookmark_bookmark" ADD COLUMN "unread" bool NOT NULL DEFAULT 0;
ALTER TABLE "bookmark_bookmark" ADD COLUMN "changed_at" datetime NULL;
