DROP TABLE "bookmark_tagging";
DROP TABLE "bookmark_tag";
