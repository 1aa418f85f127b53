-- Takes away content types and Django's record of its migrations.

DROP TABLE "django_content_type";
DROP TABLE "django_migrations";
