-- Sessions.

CREATE TABLE "django_session" (
    "session_key" varchar(40) NOT NULL PRIMARY KEY,
    "session_data" text NOT NULL,
    "expire_date" datetime NOT NULL
);

CREATE INDEX "django_session_expire_date_a5c62663"
    ON "django_session" ("expire_date");

INSERT INTO "django_migrations" ("app", "name", "applied") VALUES
    ('sessions', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now'));
