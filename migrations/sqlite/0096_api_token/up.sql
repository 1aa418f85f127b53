-- Tokens by which programs use the API in a user's name. Only the SHA-256 of a token is kept: a token has 256 random
-- bits, so nobody finds it from its hash. Django deletes users without knowing of tokens, so the database deletes these.

CREATE TABLE "auth_apitoken" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "user_id" integer NOT NULL REFERENCES "auth_user" ("id") ON DELETE CASCADE,
    "name" varchar(100) NOT NULL,
    "prefix" varchar(20) NOT NULL,
    "digest" char(64) NOT NULL UNIQUE,
    "scope" varchar(10) NOT NULL,
    "created_at" datetime NOT NULL,
    "expires_at" datetime NULL,
    "last_used_at" datetime NULL,
    "revoked_at" datetime NULL
);

CREATE INDEX "auth_apitoken_user_id" ON "auth_apitoken" ("user_id");
