-- Whose session it is and when it began, to end all of a user's and each in time.
-- Django, which does not know the columns, leaves them NULL.

ALTER TABLE "django_session" ADD COLUMN "user_id" integer NULL;
ALTER TABLE "django_session" ADD COLUMN "created_at" timestamp with time zone NULL;
CREATE INDEX "django_session_user_id"
    ON "django_session" ("user_id");
