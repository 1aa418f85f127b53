-- The folder of a bookmark, as browsers have them, so that a file that was imported is exported with the same folders. Names
-- of folders within each other are separated by "/"; empty for none.

ALTER TABLE "bookmark_bookmark" ADD COLUMN "folder" varchar(500) NOT NULL DEFAULT '';
CREATE INDEX "bookmark_bookmark_folder" ON "bookmark_bookmark" ("folder");
