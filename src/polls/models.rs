//! A question and its choices.

use std::borrow::Cow;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::moment::DateLiteral;
use crate::polls::ballot::BallotKind;
use crate::polls::rules::{ChoiceOrder, ResultsRule, Rule as _, TieRule, WhoVotes};
use crate::polls::schema::{polls_choice, polls_invitation, polls_question};

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
    /// Paragraphs, separated by empty lines.
    pub description: String,
    /// The name of a [`BallotKind`].
    pub kind: String,
    /// How many choices a ballot with several choices must and may have at least and at most; 0 for no bound.
    pub min_choices: i16,
    pub max_choices: i16,
    /// The name of a [`WhoVotes`].
    pub voters: String,
    /// The name of a [`ResultsRule`].
    pub results: String,
    /// The name of a [`ChoiceOrder`].
    pub choice_order: String,
    /// A draft is not public, whatever its date.
    pub is_draft: bool,
    /// Whether voters may change or withdraw their ballots until the close.
    pub may_change: bool,
    /// The name of a [`TieRule`].
    pub ties: String,
    /// The seed of the lot; empty where it is the question's id.
    pub lot_seed: String,
    /// Whether a ballot is stored without its voter, and who has voted apart from it (`polls_participation`).
    pub is_secret: bool,
    /// Whether voters may write an answer of their own.
    pub write_ins: bool,
}

impl Question {
    /// Gives each rule without a name that of its default.
    pub fn name_rules(&mut self) {
        self.ballot_kind().name().clone_into(&mut self.kind);
        self.who_votes().name().clone_into(&mut self.voters);
        self.shows_results().name().clone_into(&mut self.results);
        ChoiceOrder::named(&self.choice_order).name().clone_into(&mut self.choice_order);
        self.on_ties().name().clone_into(&mut self.ties);
    }

    pub fn is_public(&self, now: NaiveDateTime) -> bool {
        !self.is_draft && self.pub_date <= now
    }

    pub fn ballot_kind(&self) -> BallotKind {
        BallotKind::named(&self.kind)
    }

    pub fn who_votes(&self) -> WhoVotes {
        WhoVotes::named(&self.voters)
    }

    /// Whether the poll takes one ballot for each browser.
    pub fn is_by_browser(&self) -> bool {
        self.who_votes() == WhoVotes::Browser
    }

    pub fn shows_results(&self) -> ResultsRule {
        ResultsRule::named(&self.results)
    }

    pub fn on_ties(&self) -> TieRule {
        TieRule::named(&self.ties)
    }

    /// The text that the lot is drawn with ([`crate::polls::ballot::lot_number`]).
    pub fn seed(&self) -> Cow<'_, str> {
        if self.lot_seed.is_empty() { self.id.to_string().into() } else { (&*self.lot_seed).into() }
    }

    /// What draws the lot of a choice in a shell.
    pub fn lot_command(&self, choice: i64) -> String {
        format!("printf '%s' '{}{choice}' | sha256sum", self.seed().replace('\'', r"'\''"))
    }

    /// The message that says what breaks ties within the count; None for a kind of ballot without a run-off.
    pub fn tie_breaking(&self) -> Option<&'static str> {
        match self.ballot_kind() {
            BallotKind::Ranked => Some("polls-ties-ranked"),
            BallotKind::Star => Some("polls-ties-star"),
            _ => None,
        }
    }

    /// Whether the lot may decide anything in this poll.
    pub fn may_draw_lots(&self) -> bool {
        self.on_ties() == TieRule::Lot || self.ballot_kind().has_run_off()
    }

    /// Whether everybody may see the results now. (Voters and staff may see them earlier, by [`ResultsRule`].)
    pub fn shows_results_to_all(&self, now: NaiveDateTime) -> bool {
        match self.shows_results() {
            ResultsRule::Always => true,
            ResultsRule::Voted | ResultsRule::Closed => self.closed_since(now).is_some(),
            ResultsRule::Staff => false,
        }
    }

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
#[diesel(table_name = polls_choice, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Choice {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub question_id: i64,
    pub choice_text: String,
    /// Only the statements that write ballots add to it. Saving a choice does not write it.
    #[diesel(skip_update)]
    pub votes: i32,
    /// Choices are shown in the order of their positions, equal ones in the order of their ids.
    pub position: i32,
    /// In UTC. From this time on the choice is shown as withdrawn and can no longer be chosen.
    #[diesel(serialize_as = DateLiteral)]
    pub withdrawn_at: Option<NaiveDateTime>,
    /// Of an answer that a voter wrote and that only staff see: the name of a [`crate::polls::write_in::WriteInState`];
    /// empty for every other choice.
    pub write_in: String,
    /// The choice that it is merged into.
    pub merged_into: Option<i64>,
}

impl Choice {
    /// Whether everybody sees it.
    pub fn is_shown(&self) -> bool {
        self.write_in.is_empty()
    }

    pub fn is_withdrawn(&self, now: NaiveDateTime) -> bool {
        self.withdrawn_at.is_some_and(|since| since <= now)
    }
}

/// A link of a poll by invitation.
#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = polls_invitation, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Invitation {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub question_id: i64,
    pub token_hash: String,
    /// For whom it is, or its number.
    pub label: String,
    #[diesel(serialize_as = DateLiteral)]
    pub created_at: NaiveDateTime,
    #[diesel(serialize_as = DateLiteral)]
    pub withdrawn_at: Option<NaiveDateTime>,
}
