-- What a bookmark has besides Django's columns. Django, which does not know them, leaves them at their defaults.

ALTER TABLE "bookmark_bookmark"
    ADD COLUMN "description" text NOT NULL DEFAULT '',
    ADD COLUMN "is_private" boolean NOT NULL DEFAULT false,
    ADD COLUMN "unread" boolean NOT NULL DEFAULT false,
    ADD COLUMN "changed_at" timestamp with time zone NULL;
