//! What a visitor can do with a poll at a time.

use chrono::NaiveDateTime;

use super::models::Question;

/// Whether a poll takes votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Open,
    Upcoming,
    Closed,
}

impl Stage {
    /// The stages of the polls that the public list shows, in its order.
    pub const LISTED: [Self; 3] = [Self::Open, Self::Upcoming, Self::Closed];

    pub fn of(question: &Question, now: NaiveDateTime) -> Self {
        if question.pub_date > now {
            Self::Upcoming
        } else if question.closed_since(now).is_some() {
            Self::Closed
        } else {
            Self::Open
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upcoming => "upcoming",
            Self::Closed => "closed",
        }
    }

    /// The message id of its name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "polls-filter-open",
            Self::Upcoming => "polls-filter-upcoming",
            Self::Closed => "polls-filter-closed",
        }
    }
}
