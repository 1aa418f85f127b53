//! The tables of polls: Django's `polls_question` and `polls_choice` with columns of our own, and ours.

diesel::table! {
    polls_question (id) {
        id -> BigInt,
        question_text -> Text,
        pub_date -> Timestamp,
        // Ours; NULL: never.
        close_date -> Nullable<Timestamp>,
    }
}

diesel::table! {
    polls_choice (id) {
        id -> BigInt,
        choice_text -> Text,
        votes -> Integer,
        question_id -> BigInt,
        // What the total held before the first ballot; NULL until there is one.
        opening_votes -> Nullable<Integer>,
    }
}

diesel::table! {
    polls_ballot (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_id -> BigInt,
        voter -> Text,
        cast_at -> Timestamp,
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
        // 0, or which way its ballots are going while the choice is there: 1 aside, 2 back.
        moving -> SmallInt,
    }
}

diesel::table! {
    polls_deleted_ballot (id) {
        id -> BigInt,
        question_id -> BigInt,
        choice_id -> BigInt,
        voter -> Text,
        cast_at -> Timestamp,
    }
}

diesel::joinable!(polls_choice -> polls_question (question_id));
diesel::joinable!(polls_ballot -> polls_choice (choice_id));
diesel::allow_tables_to_appear_in_same_query!(polls_question, polls_choice, polls_ballot);
