//! The tables of the admin: Django's log and content types, and our own tables for undo and tasks.

diesel::table! {
    django_admin_log (id) {
        id -> Integer,
        action_time -> Timestamp,
        object_id -> Nullable<Text>,
        object_repr -> Text,
        action_flag -> SmallInt,
        change_message -> Text,
        content_type_id -> Nullable<Integer>,
        user_id -> Integer,
        // Our own column: the author's name, if the author's account was deleted.
        author -> Nullable<Text>,
    }
}

diesel::table! {
    admin_change (log_id) {
        log_id -> Integer,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        undone_at -> Nullable<Timestamp>,
        // NULL for a change that no task has made.
        task_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    admin_task (id) {
        id -> BigInt,
        user_id -> Integer,
        app_label -> Text,
        model -> Text,
        work -> Text,
        way_back -> Text,
        total -> BigInt,
        reached -> BigInt,
        done -> BigInt,
        skipped -> BigInt,
        beat_at -> Timestamp,
        // NULL while the task runs, and also after its process has ended before the task did.
        ended_at -> Nullable<Timestamp>,
        // The message id of the reason why the task stopped early; NULL if it did not.
        fault -> Nullable<Text>,
    }
}

diesel::table! {
    django_content_type (id) {
        id -> Integer,
        app_label -> Text,
        model -> Text,
    }
}

diesel::table! {
    /// The columns of the users' table that the log shows. The table belongs to `auth`, which the admin does not
    /// import.
    auth_user (id) {
        id -> Integer,
        username -> Text,
    }
}

diesel::joinable!(admin_change -> django_admin_log (log_id));
diesel::joinable!(django_admin_log -> auth_user (user_id));
diesel::joinable!(django_admin_log -> django_content_type (content_type_id));
diesel::allow_tables_to_appear_in_same_query!(admin_change, django_admin_log, django_content_type, auth_user);
