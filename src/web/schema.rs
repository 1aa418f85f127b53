//! The tables of sessions, which are Django's, and of forms that were sent already.

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
    web_form_key (digest) {
        digest -> Text,
        content -> Text,
        // NULL while it is being written, and where it came to nothing.
        outcome -> Nullable<Text>,
        told -> Bool,
        made_at -> Timestamp,
    }
}
