-- The wider networks that a failed login came from, as hashes: who rents a server has 65,536 of the narrowest ones.

ALTER TABLE "auth_login_failure" ADD COLUMN "near_network" char(64) NOT NULL DEFAULT '';
ALTER TABLE "auth_login_failure" ADD COLUMN "wide_network" char(64) NOT NULL DEFAULT '';

CREATE INDEX "auth_login_failure_near_network"
    ON "auth_login_failure" ("near_network");
CREATE INDEX "auth_login_failure_wide_network"
    ON "auth_login_failure" ("wide_network");
