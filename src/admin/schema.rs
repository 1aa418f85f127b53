//! The tables of the admin: Django's log of it and the content types that the log names, and our own tables for undo and
//! long tasks.

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
        // Ours; the name of an author who is deleted.
        author -> Nullable<Text>,
    }
}

diesel::table! {
    admin_change (log_id) {
        log_id -> Integer,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
        undone_at -> Nullable<Timestamp>,
        // NULL for what was changed by itself.
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
        // NULL while it goes on, and for ever where its process has ended.
        ended_at -> Nullable<Timestamp>,
        // A message: why it ended before its end.
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
    /// The part of the users' table that the log shows. The table is that of `auth`, which the admin does not import.
    auth_user (id) {
        id -> Integer,
        username -> Text,
    }
}

diesel::joinable!(admin_change -> django_admin_log (log_id));
diesel::joinable!(django_admin_log -> auth_user (user_id));
diesel::joinable!(django_admin_log -> django_content_type (content_type_id));
diesel::allow_tables_to_appear_in_same_query!(admin_change, django_admin_log, django_content_type, auth_user);
