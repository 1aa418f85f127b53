-- Django's record of its migrations, and its content types.

CREATE TABLE "django_migrations" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "app" varchar(255) NOT NULL,
    "name" varchar(255) NOT NULL,
    "applied" datetime NOT NULL
);

CREATE TABLE "django_content_type" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "app_label" varchar(100) NOT NULL,
    "model" varchar(100) NOT NULL
);

CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq"
    ON "django_content_type" ("app_label", "model");

-- Six fractional digits, as Django writes them, so that Django's migrate finds nothing to do.
INSERT INTO "django_migrations" ("app", "name", "applied") VALUES
    ('contenttypes', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    ('contenttypes', '0002_remove_content_type_name', strftime('%Y-%m-%d %H:%M:%f000', 'now'));
