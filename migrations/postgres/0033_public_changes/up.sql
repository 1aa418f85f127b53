-- As in SQLite, where triggers count; nobody counts here, since a database server is not asked whether others have written.

CREATE TABLE "polls_public_change" (
    "id" integer NOT NULL PRIMARY KEY,
    "number" integer NOT NULL
);
