//! The tables that belong to the database as a whole, and to no feature.

diesel::table! {
    // Diesel's own: which migrations were applied.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

diesel::table! {
    // One row if Django has made this database, none otherwise.
    django_adoption (adopted_at) {
        adopted_at -> Timestamp,
    }
}
