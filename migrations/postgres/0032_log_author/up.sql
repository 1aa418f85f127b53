-- Who wrote an entry of the log whose user is deleted: the entry stays, with the name. Django, which does not know
-- the column, leaves it NULL, and has such entries belong to the user "(deleted users)", who can do nothing.

ALTER TABLE "django_admin_log" ADD COLUMN "author" varchar(150) NULL;
