ALTER TABLE "bookmark_bookmark" DROP COLUMN "changed_at";
ALTER TABLE "bookmark_bookmark" DROP COLUMN "unread";
ALTER TABLE "bookmark_bookmark" DROP COLUMN "is_private";
ALTER TABLE "bookmark_bookmark" DROP COLUMN "description";
