-- When the last backup and the last recount were made, for metrics and checks.

CREATE TABLE "ops_last_done" (
    "what" varchar(20) NOT NULL PRIMARY KEY,
    "done_at" timestamp with time zone NOT NULL
);
