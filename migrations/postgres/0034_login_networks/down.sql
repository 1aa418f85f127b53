DROP INDEX "auth_login_failure_near_network";
DROP INDEX "auth_login_failure_wide_network";
ALTER TABLE "auth_login_failure" DROP COLUMN "near_network";
ALTER TABLE "auth_login_failure" DROP COLUMN "wide_network";
