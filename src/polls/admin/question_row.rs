//! The row of a question in its list and form.

use chrono::{NaiveDateTime, TimeDelta};

use crate::admin::registry::field::Value;
use crate::admin::registry::table::{annotated_row, table_row};
use crate::clock;
use crate::polls::models::Question;
use crate::polls::schema::polls_question;

/// A question with the sum of its choices' votes, and the addresses of its sources.
#[derive(Debug, Clone, Default)]
pub struct QuestionRow {
    pub question: Question,
    pub votes: i64,
    pub sources: Vec<String>,
}

table_row!(Question: polls_question, i64);
annotated_row!(QuestionRow.question: Question);

impl QuestionRow {
    /// Whether it was published within the last day, as the tutorial's `was_published_recently`.
    pub fn was_published_recently(&self) -> bool {
        let date = self.question.pub_date;
        let now = clock::now();
        date <= now && date > now - TimeDelta::days(1)
    }

    /// A copy is a draft with the same rules. Of its dates those stay that are still to come.
    pub fn become_copy(&mut self, now: NaiveDateTime) {
        let question = &mut self.question;
        question.is_draft = true;
        // It gets its own when it is saved.
        question.lot_seed.clear();
        question.pub_date = question.pub_date.max(now);
        question.close_date = question.close_date.filter(|close| *close > question.pub_date);
    }

    /// What a visitor sees now: not public yet, open, or closed.
    pub fn state(&self, now: NaiveDateTime) -> Value {
        if self.question.is_draft {
            Value::Choice("draft", "polls-filter-draft")
        } else if self.question.pub_date > now {
            Value::Choice("upcoming", "polls-filter-upcoming")
        } else if self.question.closed_since(now).is_some() {
            Value::Choice("closed", "polls-filter-closed")
        } else {
            Value::Choice("open", "polls-filter-open")
        }
    }
}
