//! A question and its choices.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::moment::DateLiteral;
use crate::polls::schema::{polls_choice, polls_question};

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = polls_question, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Question {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub question_text: String,
    /// In UTC. The question is public from this time on.
    #[diesel(serialize_as = DateLiteral)]
    pub pub_date: NaiveDateTime,
    /// In UTC. From this time on votes are refused; None if it never closes.
    #[diesel(serialize_as = DateLiteral)]
    pub close_date: Option<NaiveDateTime>,
}

impl Question {
    /// The time at which it closed; None if it accepts votes.
    pub fn closed_since(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        self.close_date.filter(|close| *close <= now)
    }

    /// The time at which it will close; None if it is closed or has no end.
    pub fn open_until(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        self.close_date.filter(|close| *close > now)
    }
}

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = polls_choice)]
pub struct Choice {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub question_id: i64,
    pub choice_text: String,
    /// Only the statements that write ballots add to it. Saving a choice does not write it.
    #[diesel(skip_update)]
    pub votes: i32,
}

/// The sum of a question's votes.
pub fn total(choices: &[Choice]) -> i64 {
    choices.iter().map(|choice| i64::from(choice.votes)).sum()
}
