DROP INDEX "bookmark_bookmark_folder";
ALTER TABLE "bookmark_bookmark" DROP COLUMN "folder";
