-- The admin's log of what was added, changed and deleted.

CREATE TABLE "django_admin_log" (
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
    "object_id" text NULL,
    "object_repr" varchar(200) NOT NULL,
    "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0),
    "change_message" text NOT NULL,
    "content_type_id" integer NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED,
    "user_id" integer NOT NULL REFERENCES "auth_user" ("id") DEFERRABLE INITIALLY DEFERRED,
    "action_time" datetime NOT NULL
);

CREATE INDEX "django_admin_log_content_type_id_c4bce8eb"
    ON "django_admin_log" ("content_type_id");
CREATE INDEX "django_admin_log_user_id_c564eba6"
    ON "django_admin_log" ("user_id");

INSERT INTO "django_migrations" ("app", "name", "applied") VALUES
    ('admin', '0001_initial', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    ('admin', '0002_logentry_remove_auto_add', strftime('%Y-%m-%d %H:%M:%f000', 'now')),
    ('admin', '0003_logentry_add_action_flag_choices', strftime('%Y-%m-%d %H:%M:%f000', 'now'));
