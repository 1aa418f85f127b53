-- Failed logins of the last minutes, so that every process sees them, and the link at which the first
-- administrator is made. Names, addresses and tokens are kept as hashes.
-- Whoever counts failures holds the one row of auth_login_turn, so that of many at once none is overlooked.

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

CREATE TABLE "auth_login_turn" (
    "id" integer NOT NULL PRIMARY KEY,
    "turn" integer NOT NULL
);

INSERT INTO "auth_login_turn" ("id", "turn") VALUES (1, 0);

CREATE TABLE "auth_setup_link" (
    "token" char(64) NOT NULL PRIMARY KEY,
    "expires_at" datetime NOT NULL
);
