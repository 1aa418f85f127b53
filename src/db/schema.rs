//! The tables that belong to the database as a whole, and to no feature.

diesel::table! {
    // Diesel's own table of applied migrations.
    __diesel_schema_migrations (version) {
        version -> Text,
        run_on -> Timestamp,
    }
}

diesel::table! {
    // It has one row if Django has made this database, and none otherwise.
    django_adoption (adopted_at) {
        adopted_at -> Timestamp,
    }
}

diesel::table! {
    // When administrators did something last.
    ops_last_done (what) {
        what -> Text,
        done_at -> Timestamp,
    }
}
