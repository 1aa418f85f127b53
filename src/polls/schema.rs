//! The tables of polls: Django's `polls_question` and `polls_choice` with additional columns, and our own tables.

diesel::table! {
    polls_question (id) {
        id -> BigInt,
        question_text -> Text,
        pub_date -> Timestamp,
        // Our own column; NULL for a question without an end.
        close_date -> Nullable<Timestamp>,
        // Our own columns: the rules of the poll, with the defaults of a question that Django makes.
        description -> Text,
        kind -> Text,
        min_choices -> SmallInt,
        max_choices -> SmallInt,
        voters -> Text,
        results -> Text,
        choice_order -> Text,
        is_draft -> Bool,
        may_change -> Bool,
        ties -> Text,
        lot_seed -> Text,
        is_secret -> Bool,
        write_ins -> Bool,
    }
}

diesel::table! {
    polls_choice (id) {
        id -> BigInt,
        choice_text -> Text,
        votes -> Integer,
        question_id -> BigInt,
        // Our own column: the total before the first ballot; NULL until there is a ballot.
        opening_votes -> Nullable<Integer>,
        // Our own columns: choices are shown by position, then by id; a withdrawn one can no longer be chosen.
        position -> Integer,
        withdrawn_at -> Nullable<Timestamp>,
        // Of an answer that a voter wrote: its state, and the choice that it is merged into (`write_in`).
        write_in -> Text,
        merged_into -> Nullable<BigInt>,
    }
}

diesel::table! {
    polls_ballot (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_id -> BigInt,
        voter -> Text,
        cast_at -> Timestamp,
        // The place of this mark on its ballot, from 0, and its value (`ballot::Mark`).
        mark -> SmallInt,
        value -> SmallInt,
    }
}

diesel::table! {
    // Who has voted in secret polls.
    polls_participation (question_id, voter) {
        question_id -> BigInt,
        voter -> Text,
    }
}

diesel::table! {
    polls_deleted_choice (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_text -> Text,
        votes -> Integer,
        opening_votes -> Nullable<Integer>,
        deleted_at -> Timestamp,
        // 0 if the choice is deleted. If it exists, the direction in which its ballots are being moved: 1 to
        // `polls_deleted_ballot`, 2 back.
        moving -> SmallInt,
        position -> Integer,
        withdrawn_at -> Nullable<Timestamp>,
        // Of an answer that a voter wrote: its state, and the choice that it is merged into (`write_in`).
        write_in -> Text,
        merged_into -> Nullable<BigInt>,
    }
}

diesel::table! {
    polls_deleted_ballot (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_id -> BigInt,
        voter -> Text,
        cast_at -> Timestamp,
        // The place of this mark on its ballot, from 0, and its value (`ballot::Mark`).
        mark -> SmallInt,
        value -> SmallInt,
    }
}

diesel::table! {
    polls_invitation (id) {
        id -> BigInt,
        question_id -> BigInt,
        token_hash -> Text,
        label -> Text,
        created_at -> Timestamp,
        withdrawn_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    // The bookmarks that are the sources of polls.
    polls_source (id) {
        id -> BigInt,
        question_id -> BigInt,
        bookmark_id -> BigInt,
        // From 0, in the order in which they are shown.
        position -> Integer,
        // A copy of the bookmark. An empty title: it was private or deleted when the first vote came.
        title -> Text,
        url -> Text,
        description -> Text,
        // The first vote, after which the copy stays as it is; NULL before.
        frozen_at -> Nullable<Timestamp>,
        // Whether it was added after that.
        is_late -> Bool,
        withdrawn_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    polls_wording (id) {
        id -> BigInt,
        question_id -> BigInt,
        // NULL for the text of the question.
        choice_id -> Nullable<BigInt>,
        old_text -> Text,
        new_text -> Text,
        changed_at -> Timestamp,
    }
}

diesel::joinable!(polls_choice -> polls_question (question_id));
diesel::joinable!(polls_ballot -> polls_choice (choice_id));
diesel::allow_tables_to_appear_in_same_query!(polls_question, polls_choice, polls_ballot);
diesel::allow_tables_to_appear_in_same_query!(polls_participation, polls_question, polls_deleted_choice);
