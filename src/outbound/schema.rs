//! The tables of work that reaches out to other sites.

diesel::table! {
    outbound_task (id) {
        id -> BigInt,
        kind -> Text,
        app_label -> Text,
        model -> Text,
        object_id -> BigInt,
        host -> Text,
        created_at -> Timestamp,
        // When it may be tried, or tried again.
        run_after -> Timestamp,
        attempts -> Integer,
        // NULL if no worker has it.
        claimed_at -> Nullable<Timestamp>,
        // Another text for each attempt; empty if no worker has it.
        claimed_by -> Text,
        // When it was given up; NULL if it was not.
        failed_at -> Nullable<Timestamp>,
        last_error -> Text,
    }
}

diesel::table! {
    outbound_report (id) {
        id -> BigInt,
        place -> Text,
        text -> Text,
        // Since the last mail.
        times -> Integer,
        first_at -> Timestamp,
        last_at -> Timestamp,
        mailed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    outbound_host (host) {
        host -> Text,
        next_at -> Timestamp,
    }
}
