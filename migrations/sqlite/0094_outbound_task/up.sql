-- Work that reaches out to other sites, such as fetching the title of a page: `polls outbound` takes it from here.
-- Each piece of work is there once; it is deleted when it is done.

CREATE TABLE "outbound_task" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "kind" varchar(20) NOT NULL,
    "app_label" varchar(100) NOT NULL,
    "model" varchar(100) NOT NULL,
    "object_id" bigint NOT NULL,
    "host" varchar(255) NOT NULL,
    "created_at" datetime NOT NULL,
    "run_after" datetime NOT NULL,
    "attempts" integer NOT NULL DEFAULT 0,
    "claimed_at" datetime NULL,
    "claimed_by" varchar(64) NOT NULL DEFAULT '',
    "failed_at" datetime NULL,
    "last_error" varchar(500) NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX "outbound_task_object_uniq" ON "outbound_task" ("object_id", "kind", "model", "app_label");
CREATE INDEX "outbound_task_run_after" ON "outbound_task" ("run_after");

-- When a host may be asked again: one is asked by one worker at a time, with a pause.

CREATE TABLE "outbound_host" (
    "host" varchar(255) NOT NULL PRIMARY KEY,
    "next_at" datetime NOT NULL
);

CREATE INDEX "outbound_host_next_at" ON "outbound_host" ("next_at");
