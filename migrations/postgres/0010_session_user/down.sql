-- Forgets whose sessions they are.

DROP INDEX "django_session_user_id";
ALTER TABLE "django_session" DROP COLUMN "created_at";
ALTER TABLE "django_session" DROP COLUMN "user_id";
