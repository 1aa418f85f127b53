//! The tables of bookmarks: Django's with added columns, and our own for tags.

diesel::table! {
    bookmark_bookmark (id) {
        id -> BigInt,
        title -> Nullable<Text>,
        url -> Text,
        // Not in Django's table, as all that follow; NULL if unknown.
        added_at -> Nullable<Timestamp>,
        description -> Text,
        is_private -> Bool,
        unread -> Bool,
        // NULL if it was never changed.
        changed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    bookmark_tag (id) {
        id -> BigInt,
        name -> Text,
        // The name by [`crate::text::fold`]; unique.
        folded -> Text,
    }
}

diesel::table! {
    bookmark_tagging (id) {
        id -> BigInt,
        bookmark_id -> BigInt,
        tag_id -> BigInt,
    }
}

diesel::joinable!(bookmark_tagging -> bookmark_bookmark (bookmark_id));
diesel::joinable!(bookmark_tagging -> bookmark_tag (tag_id));
diesel::allow_tables_to_appear_in_same_query!(bookmark_bookmark, bookmark_tag, bookmark_tagging);
