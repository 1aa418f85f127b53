-- Takes away questions and choices.

DROP TABLE "polls_choice";
DROP TABLE "polls_question";
DELETE FROM "django_migrations" WHERE "app" = 'polls';
