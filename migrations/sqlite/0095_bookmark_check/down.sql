DROP TABLE "bookmark_check";
