//! The tables of users, groups and permissions (Django's own), and this program's tables for logging in.

use crate::admin::schema::{django_admin_log, django_content_type};

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
    auth_mail (id) {
        id -> BigInt,
        kind -> Text,
        // NULL while it is not known whose the address is.
        user_id -> Nullable<Integer>,
        address -> Text,
        language -> Text,
        asked_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    auth_apitoken (id) {
        id -> BigInt,
        user_id -> Integer,
        name -> Text,
        // The first characters, by which its user knows it.
        prefix -> Text,
        // Unique.
        digest -> Text,
        // A value of `TokenScope::CHOICES`.
        scope -> Text,
        created_at -> Timestamp,
        // NULL if it does not expire.
        expires_at -> Nullable<Timestamp>,
        // To the hour; NULL if it was never used.
        last_used_at -> Nullable<Timestamp>,
        // NULL if it was not revoked.
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    auth_second_factor (user_id) {
        user_id -> Integer,
        // Of which, with the site's key, the secret is made.
        salt -> Text,
        made_at -> Timestamp,
        // NULL until its user has shown a code.
        confirmed_at -> Nullable<Timestamp>,
        // The step of the last code that was accepted.
        last_step -> BigInt,
    }
}

diesel::table! {
    auth_recovery_code (id) {
        id -> BigInt,
        user_id -> Integer,
        digest -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(auth_apitoken -> auth_user (user_id));
diesel::joinable!(auth_permission -> django_content_type (content_type_id));
diesel::joinable!(auth_group_permissions -> auth_group (group_id));
diesel::joinable!(auth_group_permissions -> auth_permission (permission_id));
diesel::joinable!(auth_user_groups -> auth_user (user_id));
diesel::joinable!(auth_user_groups -> auth_group (group_id));
diesel::joinable!(auth_user_user_permissions -> auth_user (user_id));
diesel::joinable!(auth_user_user_permissions -> auth_permission (permission_id));
diesel::allow_tables_to_appear_in_same_query!(
    auth_apitoken,
    auth_permission,
    auth_group,
    auth_group_permissions,
    auth_user,
    auth_user_groups,
    auth_user_user_permissions,
    django_content_type,
);
diesel::allow_tables_to_appear_in_same_query!(auth_user, django_admin_log);
