//! The tables, as the three migration sets make them: Django's own, with our additions.

diesel::table! {
    polls_question (id) {
        id -> BigInt,
        question_text -> Text,
        pub_date -> Timestamp,
        // Ours; NULL: never.
        close_date -> Nullable<Timestamp>,
    }
}

diesel::table! {
    polls_choice (id) {
        id -> BigInt,
        choice_text -> Text,
        votes -> Integer,
        question_id -> BigInt,
        // What the total held before the first ballot; NULL until there is one.
        opening_votes -> Nullable<Integer>,
    }
}

diesel::table! {
    polls_ballot (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_id -> BigInt,
        voter -> Text,
        cast_at -> Timestamp,
    }
}

diesel::table! {
    polls_deleted_choice (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_text -> Text,
        votes -> Integer,
        opening_votes -> Nullable<Integer>,
        deleted_at -> Timestamp,
        // 0, or which way its ballots are going while the choice is there: 1 aside, 2 back.
        moving -> SmallInt,
    }
}

diesel::table! {
    polls_deleted_ballot (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_id -> BigInt,
        voter -> Text,
        cast_at -> Timestamp,
    }
}

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
    bookmark_bookmark (id) {
        id -> BigInt,
        title -> Nullable<Text>,
        url -> Text,
        // Ours; NULL where nobody knows.
        added_at -> Nullable<Timestamp>,
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
    auth_permission (id) {
        id -> Integer,
        name -> Text,
        content_type_id -> Integer,
        codename -> Text,
    }
}

diesel::table! {
    auth_group (id) {
        id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    auth_group_permissions (group_id, permission_id) {
        group_id -> Integer,
        permission_id -> Integer,
    }
}

diesel::table! {
    auth_user (id) {
        id -> Integer,
        password -> Text,
        last_login -> Nullable<Timestamp>,
        is_superuser -> Bool,
        username -> Text,
        first_name -> Text,
        last_name -> Text,
        email -> Text,
        is_staff -> Bool,
        is_active -> Bool,
        date_joined -> Timestamp,
    }
}

diesel::table! {
    auth_user_groups (user_id, group_id) {
        user_id -> Integer,
        group_id -> Integer,
    }
}

diesel::table! {
    auth_user_user_permissions (user_id, permission_id) {
        user_id -> Integer,
        permission_id -> Integer,
    }
}

diesel::table! {
    auth_login_failure (id) {
        id -> BigInt,
        account -> Text,
        address -> Text,
        near_network -> Text,
        wide_network -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    auth_login_turn (id) {
        id -> Integer,
        turn -> Integer,
    }
}

diesel::table! {
    auth_setup_link (token) {
        token -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    django_session (session_key) {
        session_key -> Text,
        session_data -> Text,
        expire_date -> Timestamp,
        // Ours; NULL in a session that Django made.
        user_id -> Nullable<Integer>,
        created_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    // Ours; a row for a database that Django has made.
    django_adoption (adopted_at) {
        adopted_at -> Timestamp,
    }
}

diesel::table! {
    web_form_key (digest) {
        digest -> Text,
        content -> Text,
        // NULL while it is being written, and where it came to nothing.
        outcome -> Nullable<Text>,
        told -> Bool,
        made_at -> Timestamp,
    }
}

diesel::joinable!(admin_change -> django_admin_log (log_id));
diesel::joinable!(django_admin_log -> auth_user (user_id));
diesel::joinable!(django_admin_log -> django_content_type (content_type_id));
diesel::joinable!(auth_permission -> django_content_type (content_type_id));
diesel::joinable!(auth_group_permissions -> auth_group (group_id));
diesel::joinable!(auth_group_permissions -> auth_permission (permission_id));
diesel::joinable!(auth_user_groups -> auth_user (user_id));
diesel::joinable!(auth_user_groups -> auth_group (group_id));
diesel::joinable!(auth_user_user_permissions -> auth_user (user_id));
diesel::joinable!(auth_user_user_permissions -> auth_permission (permission_id));
diesel::allow_tables_to_appear_in_same_query!(
    admin_change,
    django_admin_log,
    django_content_type,
    auth_permission,
    auth_group,
    auth_group_permissions,
    auth_user,
    auth_user_groups,
    auth_user_user_permissions,
);

diesel::joinable!(polls_choice -> polls_question (question_id));
diesel::joinable!(polls_ballot -> polls_choice (choice_id));
diesel::allow_tables_to_appear_in_same_query!(polls_question, polls_choice, polls_ballot);
