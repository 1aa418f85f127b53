-- Takes away bookmarks.

DROP TABLE "bookmark_bookmark";
DELETE FROM "django_migrations" WHERE "app" = 'bookmark';
