ALTER TABLE "bookmark_bookmark" DROP COLUMN "added_at";
