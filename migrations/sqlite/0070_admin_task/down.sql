-- Forgets what was done together.

DROP INDEX "admin_change_task_id";
ALTER TABLE "admin_change" DROP COLUMN "task_id";
DROP TABLE "admin_task";
