-- When a bookmark was added; Django, which does not know the column, leaves it NULL. Of those that are there
-- the admin's log may know.

ALTER TABLE "bookmark_bookmark" ADD COLUMN "added_at" timestamp with time zone NULL;

UPDATE "bookmark_bookmark" SET "added_at" = (
    SELECT MAX("entry"."action_time") FROM "django_admin_log" AS "entry"
    INNER JOIN "django_content_type" AS "type" ON "type"."id" = "entry"."content_type_id"
    WHERE "type"."app_label" = 'bookmark' AND "type"."model" = 'bookmark' AND "entry"."action_flag" = 1
        AND "entry"."object_id" = CAST("bookmark_bookmark"."id" AS text)
);
