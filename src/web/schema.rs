//! The tables of sessions (Django's own) and of the keys of forms that were sent.

diesel::table! {
    django_session (session_key) {
        session_key -> Text,
        session_data -> Text,
        expire_date -> Timestamp,
        // Not in Django's table; NULL in a session that Django created.
        user_id -> Nullable<Integer>,
        created_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    web_form_key (digest) {
        digest -> Text,
        content -> Text,
        // NULL while the change is being written, and if it failed.
        outcome -> Nullable<Text>,
        told -> Bool,
        made_at -> Timestamp,
    }
}
