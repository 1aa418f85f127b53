-- The second factors of users: a time-based code (RFC 6238), and codes on paper that are good once. The secret of the codes is
-- made of the salt and the site's secret key, so the database alone gives none away. Django deletes users without knowing
-- of these tables, so the database deletes the rows.

CREATE TABLE "auth_second_factor" (
    "user_id" integer NOT NULL PRIMARY KEY REFERENCES "auth_user" ("id") ON DELETE CASCADE,
    "salt" varchar(40) NOT NULL,
    "made_at" datetime NOT NULL,
    "confirmed_at" datetime NULL,
    "last_step" bigint NOT NULL DEFAULT 0
);

CREATE TABLE "auth_recovery_code" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "user_id" integer NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE,
    "digest" char(64) NOT NULL,
    "used_at" datetime NULL
);

CREATE INDEX "auth_recovery_code_user_id" ON "auth_recovery_code" ("user_id");
