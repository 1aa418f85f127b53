-- Bookmarks.

CREATE TABLE "bookmark_bookmark" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "title" varchar(100) NULL,
    "url" varchar(200) NOT NULL UNIQUE
);

INSERT INTO "django_migrations" ("app", "name", "applied") VALUES
    ('bookmark', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now'));
