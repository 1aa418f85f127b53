-- Errors of the log of which administrators are to be told by mail, one row for each place in the program: each is told
-- at most once a minute, with how often it occurred.

CREATE TABLE "outbound_report" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "place" varchar(200) NOT NULL,
    "text" text NOT NULL,
    "times" integer NOT NULL,
    "first_at" datetime NOT NULL,
    "last_at" datetime NOT NULL,
    "mailed_at" datetime NULL
);

CREATE UNIQUE INDEX "outbound_report_place_uniq" ON "outbound_report" ("place");
