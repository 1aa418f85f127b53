-- What a form of the admin came to, under a hash of the key that the form carried, so that a form that is sent
-- twice counts once and is answered twice. Kept for a day.

CREATE TABLE "web_form_key" (
    "digest" char(64) NOT NULL PRIMARY KEY,
    "content" char(64) NOT NULL,
    "outcome" text NULL,
    "told" boolean NOT NULL,
    "made_at" timestamp with time zone NOT NULL
);

CREATE INDEX "web_form_key_made_at" ON "web_form_key" ("made_at");
