DROP TABLE "bookmark_turn";
ALTER TABLE "bookmark_tag" DROP COLUMN "added_at";
ALTER TABLE "bookmark_bookmark" DROP COLUMN "is_archived";
ALTER TABLE "bookmark_bookmark" DROP COLUMN "notes";
