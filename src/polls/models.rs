//! A question and its choices.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::schema::{polls_choice, polls_question};

#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = polls_question)]
pub struct Question {
    pub id: i64,
    pub question_text: String,
    /// UTC; the question is public from then on.
    pub pub_date: NaiveDateTime,
    /// UTC; no vote is taken from then on.
    pub close_date: Option<NaiveDateTime>,
}

impl Question {
    /// Since when it takes no votes, if it does not.
    pub fn closed_since(&self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        self.close_date.filter(|close| *close <= now)
    }
}

#[derive(Debug, Clone, Default, Queryable, Selectable)]
#[diesel(table_name = polls_choice)]
pub struct Choice {
    pub id: i64,
    pub choice_text: String,
    pub votes: i32,
}

impl Choice {
    /// The part of all votes in per cent, rounded; 0 where there is no vote.
    pub fn percentage(&self, total: i64) -> i64 {
        if total > 0 { (i64::from(self.votes) * 100 + total / 2) / total } else { 0 }
    }
}

/// All votes of a question.
pub fn total(choices: &[Choice]) -> i64 {
    choices.iter().map(|choice| i64::from(choice.votes)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(votes: i32) -> Choice {
        Choice { id: 1, choice_text: String::new(), votes }
    }

    #[test]
    fn a_percentage_is_rounded_and_needs_no_votes() {
        assert_eq!(choice(1).percentage(3), 33);
        assert_eq!(choice(2).percentage(3), 67);
        assert_eq!(choice(0).percentage(0), 0);
        assert_eq!(choice(i32::MAX).percentage(i64::from(i32::MAX)), 100);
    }
}
