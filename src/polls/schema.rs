//! The tables of polls: Django's `polls_question` and `polls_choice` with additional columns, and our own tables.

diesel::table! {
    polls_question (id) {
        id -> BigInt,
        question_text -> Text,
        pub_date -> Timestamp,
        // Our own column; NULL for a question without an end.
        close_date -> Nullable<Timestamp>,
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
        // 0 if the choice is deleted. If it exists, the direction in which its ballots are being moved: 1 to
        // `polls_deleted_ballot`, 2 back.
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

diesel::joinable!(polls_choice -> polls_question (question_id));
diesel::joinable!(polls_ballot -> polls_choice (choice_id));
diesel::allow_tables_to_appear_in_same_query!(polls_question, polls_choice, polls_ballot);
