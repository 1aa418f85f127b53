//! Answers that voters write themselves. Each is a choice that only staff see until they accept it. They may also refuse
//! it, or merge it into another choice, whose votes its own are then added to wherever votes are shown; the ballots stay
//! as they were cast.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::dsl::count;
use diesel::prelude::*;

use crate::db::{self, Connection};
use crate::polls::ballot::BallotKind;
use crate::polls::ballot_box::{Credentials, Refusal};
use crate::polls::eligibility;
use crate::polls::models::{Choice, Question};
use crate::polls::queries;
use crate::polls::schema::{polls_ballot, polls_choice, polls_question};
use crate::text::{appearance, fold};

/// The longest answer, in characters: the column of Django's choices is that wide.
pub const LONGEST: usize = 200;

/// How many answers of a poll may wait for staff.
const MOST_PROPOSED: usize = 500;

/// What became of an answer that everybody does not see. `polls_choice.write_in` has its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteInState {
    Proposed,
    Refused,
    Merged,
}

impl WriteInState {
    /// The names, and the message ids of their labels.
    pub const CHOICES: &'static [(&'static str, &'static str)] = &[
        ("proposed", "polls-write-in-proposed"),
        ("refused", "polls-write-in-refused"),
        ("merged", "polls-write-in-merged"),
    ];

    pub fn name(self) -> &'static str {
        Self::CHOICES[self as usize].0
    }
}

/// Why an answer is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteInRefusal {
    /// The poll takes none.
    NotTaken,
    /// Nothing visible was written.
    Blank,
    TooLong,
    /// Staff have refused it.
    Refused,
    /// Too many wait for staff.
    TooMany,
    /// The ballot would be refused whatever was written.
    Ballot(Refusal),
}

/// The kinds of ballots on which an answer can be written.
pub fn is_possible(kind: BallotKind) -> bool {
    matches!(kind, BallotKind::Single | BallotKind::Several | BallotKind::Approval)
}

/// The choice for an answer: one that looks alike, in upper or lower case, or else a new one that waits for staff. To be
/// called in a transaction.
///
/// # Errors
/// If there is no such question, or the database does not answer.
pub fn choice(
    conn: &mut Connection,
    question: i64,
    text: &str,
    credentials: &Credentials,
    now: NaiveDateTime,
) -> QueryResult<Result<i64, WriteInRefusal>> {
    let text = appearance(text);
    // Two voters who write the same at the same time write one answer.
    let same = polls_question::question_text.eq(polls_question::question_text);
    diesel::update(polls_question::table.find(question)).set(same).execute(conn)?;
    let poll = queries::published(conn, now, question)?;
    if !poll.write_ins || !is_possible(poll.ballot_kind()) {
        return Ok(Err(WriteInRefusal::NotTaken));
    }
    if text.is_empty() {
        return Ok(Err(WriteInRefusal::Blank));
    }
    if text.chars().count() > LONGEST {
        return Ok(Err(WriteInRefusal::TooLong));
    }
    let choices = queries::choices(conn, question)?;
    let folded = fold(&text);
    if let Some(known) = choices.iter().find(|choice| fold(&appearance(&choice.choice_text)) == folded) {
        if known.write_in == WriteInState::Refused.name() {
            return Ok(Err(WriteInRefusal::Refused));
        }
        // The choice that it was merged into may have been deleted since.
        let target = known.merged_into.filter(|target| choices.iter().any(|choice| choice.id == *target));
        return Ok(Ok(target.unwrap_or(known.id)));
    }
    // An answer of somebody who cannot vote is not stored: staff would have to review it for nothing.
    let rule = poll.who_votes();
    let refusal = match credentials.voter(rule) {
        _ if poll.closed_since(now).is_some() => Some(Refusal::Closed),
        None => Some(Refusal::Unidentified(rule)),
        Some(voter) if poll.may_change || !voter.may_be_known() => None,
        Some(voter) => eligibility::has_voted(conn, question, voter)?.then_some(Refusal::VotedOtherwise),
    };
    if let Some(refusal) = refusal {
        return Ok(Err(WriteInRefusal::Ballot(refusal)));
    }
    let proposed = choices.iter().filter(|choice| choice.write_in == WriteInState::Proposed.name()).count();
    if proposed >= MOST_PROPOSED {
        return Ok(Err(WriteInRefusal::TooMany));
    }
    let last = choices.iter().map(|choice| choice.position).max().unwrap_or(0);
    let values = (
        polls_choice::question_id.eq(question),
        polls_choice::choice_text.eq(&text),
        polls_choice::votes.eq(0),
        polls_choice::position.eq(last),
        polls_choice::write_in.eq(WriteInState::Proposed.name()),
    );
    diesel::insert_into(polls_choice::table).values(values).execute(conn)?;
    db::last_insert_id(conn).map(Ok)
}

/// What is known to everybody of answers that are not shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UnshownVotes {
    /// The votes for all of them.
    pub all: i64,
    /// The most votes for one that may still be accepted.
    pub best: i64,
}

/// The choices that everybody sees, each with the votes of those that are merged into it, and the votes for others.
/// `marks_of_both`: by choice, how many ballots mark it or one that is merged into it, where a ballot can mark several.
pub fn merged(choices: Vec<Choice>, marks_of_both: &HashMap<i64, i64>) -> (Vec<Choice>, UnshownVotes) {
    let (mut shown, hidden): (Vec<Choice>, Vec<Choice>) = choices.into_iter().partition(Choice::is_shown);
    let mut unshown = UnshownVotes::default();
    for answer in hidden {
        let votes = i64::from(answer.votes).max(0);
        match shown.iter_mut().find(|choice| Some(choice.id) == answer.merged_into) {
            Some(target) => target.votes = target.votes.saturating_add(answer.votes),
            None => unshown.all += votes,
        }
        if answer.write_in == WriteInState::Proposed.name() {
            unshown.best = unshown.best.max(votes);
        }
    }
    for choice in &mut shown {
        if let Some(votes) = marks_of_both.get(&choice.id) {
            choice.votes = i32::try_from(*votes).unwrap_or(i32::MAX);
        }
    }
    (shown, unshown)
}

/// By choice, how many ballots of a poll mark it or an answer that is merged into it; empty where a ballot marks one
/// choice, and where nothing is merged.
///
/// # Errors
/// If the database does not answer.
pub fn marks_of_both(conn: &mut Connection, question: &Question, choices: &[Choice]) -> QueryResult<HashMap<i64, i64>> {
    let mut counts = HashMap::new();
    if question.ballot_kind() == BallotKind::Single {
        return Ok(counts);
    }
    let mut answers: HashMap<i64, Vec<i64>> = HashMap::new();
    for answer in choices {
        if let Some(target) = answer.merged_into {
            answers.entry(target).or_insert_with(|| vec![target]).push(answer.id);
        }
    }
    for (target, both) in answers {
        let ballots: i64 = polls_ballot::table
            .filter(polls_ballot::choice_id.eq_any(both))
            .select(count(polls_ballot::voter).aggregate_distinct())
            .get_result(conn)?;
        counts.insert(target, ballots);
    }
    Ok(counts)
}
