//! The tables of bookmarks: Django's with added columns, and our own for tags, checks of links, and the turn of those who add.

use crate::outbound::schema::outbound_task;

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
        notes -> Text,
        is_archived -> Bool,
        folder -> Text,
    }
}

diesel::table! {
    bookmark_tag (id) {
        id -> BigInt,
        name -> Text,
        // The name by [`crate::text::fold`]; unique.
        folded -> Text,
        // NULL if unknown.
        added_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    bookmark_tagging (id) {
        id -> BigInt,
        bookmark_id -> BigInt,
        tag_id -> BigInt,
    }
}

diesel::table! {
    bookmark_check (id) {
        id -> BigInt,
        // Unique.
        bookmark_id -> BigInt,
        checked_at -> Timestamp,
        // A value of `LinkState::CHOICES`.
        state -> Text,
        // NULL if nothing was answered.
        status -> Nullable<Integer>,
        // Empty if the page has not moved.
        new_address -> Text,
        // NULL while the page is there.
        first_failed_at -> Nullable<Timestamp>,
        reason -> Text,
    }
}

diesel::table! {
    bookmark_turn (id) {
        id -> Integer,
        turn -> Integer,
    }
}

diesel::joinable!(bookmark_check -> bookmark_bookmark (bookmark_id));
diesel::joinable!(bookmark_tagging -> bookmark_bookmark (bookmark_id));
diesel::joinable!(bookmark_tagging -> bookmark_tag (tag_id));
diesel::allow_tables_to_appear_in_same_query!(bookmark_bookmark, bookmark_check, bookmark_tag, bookmark_tagging);
diesel::allow_tables_to_appear_in_same_query!(bookmark_bookmark, outbound_task);
