//! The tables, as the three migration sets make them: Django's own, with our additions.

diesel::table! {
    polls_question (id) {
        id -> BigInt,
        question_text -> Text,
        pub_date -> Timestamp,
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
    bookmark_bookmark (id) {
        id -> BigInt,
        title -> Nullable<Text>,
        url -> Text,
    }
}

diesel::joinable!(polls_choice -> polls_question (question_id));
diesel::joinable!(polls_ballot -> polls_choice (choice_id));
diesel::allow_tables_to_appear_in_same_query!(polls_question, polls_choice, polls_ballot);
