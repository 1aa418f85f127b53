ALTER TABLE "bookmark_bookmark"
    DROP COLUMN "changed_at",
    DROP COLUMN "unread",
    DROP COLUMN "is_private",
    DROP COLUMN "description";
