-- Forgets that the database was adopted.

DROP TABLE "django_adoption";
