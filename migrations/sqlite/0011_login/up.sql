-- Failed logins of the last minutes, so that every process sees them, and the link at which the first
-- administrator is made. Names, addresses and tokens are kept as hashes.

CREATE TABLE "auth_login_failure" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "account" char(64) NOT NULL,
    "address" char(64) NOT NULL,
    "at" datetime NOT NULL
);

CREATE INDEX "auth_login_failure_account"
    ON "auth_login_failure" ("account", "address");
CREATE INDEX "auth_login_failure_address"
    ON "auth_login_failure" ("address");
CREATE INDEX "auth_login_failure_at"
    ON "auth_login_failure" ("at");

CREATE TABLE "auth_setup_link" (
    "token" char(64) NOT NULL PRIMARY KEY,
    "expires_at" datetime NOT NULL
);
