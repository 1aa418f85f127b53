//! The table of bookmarks: Django's, with an added column.

diesel::table! {
    bookmark_bookmark (id) {
        id -> BigInt,
        title -> Nullable<Text>,
        url -> Text,
        // Not in Django's table; NULL if unknown.
        added_at -> Nullable<Timestamp>,
    }
}
