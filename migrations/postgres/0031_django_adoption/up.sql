-- When a database that Django made was adopted: Django goes on using it, so what we write is for Django to read.

CREATE TABLE "django_adoption" (
    "adopted_at" timestamp with time zone NOT NULL PRIMARY KEY
);
