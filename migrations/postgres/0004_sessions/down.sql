-- Takes away sessions.

DROP TABLE "django_session";
DELETE FROM "django_migrations" WHERE "app" = 'sessions';
