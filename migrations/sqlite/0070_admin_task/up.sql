-- Work of the admin on many objects, which is done in short transactions: how far it is, and which changes it made.
-- Kept for a day.

CREATE TABLE "admin_task" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "user_id" integer NOT NULL,
    "app_label" varchar(100) NOT NULL,
    "model" varchar(100) NOT NULL,
    "work" varchar(100) NOT NULL,
    "way_back" text NOT NULL,
    "total" bigint NOT NULL,
    "reached" bigint NOT NULL,
    "done" bigint NOT NULL,
    "skipped" bigint NOT NULL,
    "beat_at" datetime NOT NULL,
    "ended_at" datetime NULL,
    "fault" varchar(100) NULL
);

CREATE INDEX "admin_task_beat_at" ON "admin_task" ("beat_at");

ALTER TABLE "admin_change" ADD COLUMN "task_id" bigint NULL;
CREATE INDEX "admin_change_task_id" ON "admin_change" ("task_id") WHERE "task_id" IS NOT NULL;
