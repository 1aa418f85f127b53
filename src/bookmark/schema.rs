//! The table of bookmarks: Django's, with a column of our own.

diesel::table! {
    bookmark_bookmark (id) {
        id -> BigInt,
        title -> Nullable<Text>,
        url -> Text,
        // Ours; NULL where nobody knows.
        added_at -> Nullable<Timestamp>,
    }
}
