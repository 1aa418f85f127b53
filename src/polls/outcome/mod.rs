//! What came of a poll, as pages and programs show it.

mod words;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::db::Connection;
use crate::polls::ballot::{BallotCount, BallotKind, ChoiceSum, Mark, Tally};
use crate::polls::models::{Choice, Question};
use crate::polls::queries;
use crate::polls::rules::TieRule;
use crate::polls::schema::polls_ballot;
use crate::polls::shares::{VoteShare, shares};
use crate::polls::stage::Stage;
use crate::polls::turnout::PollTurnout;
use crate::polls::write_in::{self, UnshownVotes};

pub struct PollOutcome {
    pub stage: Stage,
    pub tally: Tally,
    /// In the order in which the choices are written.
    pub lines: Vec<OutcomeLine>,
    /// The votes for answers of voters that are not shown.
    pub unshown: UnshownVotes,
    /// None for a poll in which anybody can vote.
    pub turnout: Option<PollTurnout>,
}

/// What came of a choice.
pub struct OutcomeLine {
    pub choice: Choice,
    /// From 1; a choice that was withdrawn is behind all others.
    pub place: usize,
    /// The choice's votes, or its points where ballots have scores.
    pub count: i64,
    pub share: VoteShare,
}

/// Counts a poll.
///
/// # Errors
/// If the database does not answer.
pub fn outcome(conn: &mut Connection, question: &Question, now: NaiveDateTime) -> QueryResult<PollOutcome> {
    let (kind, choices) = (question.ballot_kind(), queries::choices(conn, question.id)?);
    let both = write_in::marks_of_both(conn, question, &choices)?;
    let (choices, unshown) = write_in::merged(choices, &both);
    let counted: Vec<&Choice> = choices.iter().filter(|choice| !choice.is_withdrawn(now)).collect();
    let tally = if matches!(kind, BallotKind::Ranked | BallotKind::Score | BallotKind::Star) {
        count(conn, question, &counted)?
    } else {
        let votes = |choice: &&Choice| (choice.id, i64::from(choice.votes).max(0));
        let sums = counted.iter().map(votes).map(|(choice, votes)| ChoiceSum { choice, votes, points: votes });
        let sums: Vec<ChoiceSum> = sums.collect();
        let ballots = queries::turnout(conn, &[question])?.remove(&question.id).unwrap_or(0);
        Tally::of_sums(kind, ballots, &sums)
    };
    let tally = if question.on_ties() == TieRule::Lot { tally.decided_by_lot(&question.seed()) } else { tally };
    let turnout = PollTurnout::of(conn, question.id, question.who_votes())?;
    Ok(PollOutcome {
        stage: Stage::of(question, now),
        lines: lines(kind, choices, unshown.all, &tally),
        tally,
        unshown,
        turnout,
    })
}

/// Counts every ballot.
fn count(conn: &mut Connection, question: &Question, choices: &[&Choice]) -> QueryResult<Tally> {
    let choices: Vec<i64> = choices.iter().map(|choice| choice.id).collect();
    let mut count = BallotCount::new(question.ballot_kind(), &choices);
    let marks = polls_ballot::table
        .filter(polls_ballot::question_id.eq(question.id))
        .order((polls_ballot::voter, polls_ballot::mark))
        .select((polls_ballot::mark, polls_ballot::choice_id, polls_ballot::value))
        .load_iter::<(i16, i64, i16), _>(conn)?;
    let mut ballot = Vec::new();
    for row in marks {
        let (place, choice, value) = row?;
        if place == 0 && !ballot.is_empty() {
            count.add(&ballot);
            ballot.clear();
        }
        ballot.push(Mark { choice, value });
    }
    if !ballot.is_empty() {
        count.add(&ballot);
    }
    Ok(count.tally(&question.seed()))
}

fn lines(kind: BallotKind, choices: Vec<Choice>, unshown: i64, tally: &Tally) -> Vec<OutcomeLine> {
    let standing = |choice: &Choice| tally.standings.iter().find(|standing| standing.choice == choice.id);
    let has_points = matches!(kind, BallotKind::Score | BallotKind::Star);
    let counts: Vec<i64> = choices
        .iter()
        .map(|choice| match standing(choice) {
            Some(standing) if has_points => standing.points,
            _ => i64::from(choice.votes),
        })
        .collect();
    let of_ballots = |most: i64| counts.iter().map(|count| VoteShare::of(*count, most * tally.ballots)).collect();
    let shares: Vec<VoteShare> = match kind {
        BallotKind::Single | BallotKind::Ranked => shares(&[&counts[..], &[unshown]].concat()),
        BallotKind::Several | BallotKind::Approval => of_ballots(1),
        BallotKind::Score | BallotKind::Star => of_ballots(i64::from(BallotKind::MAX_SCORE)),
    };
    let places = choices.iter().map(|choice| standing(choice).map_or(usize::MAX, |standing| standing.place));
    let places: Vec<usize> = places.collect();
    let parts = choices.into_iter().zip(places).zip(counts.into_iter().zip(shares));
    parts.map(|((choice, place), (count, share))| OutcomeLine { choice, place, count, share }).collect()
}

impl PollOutcome {
    /// Whether an answer that is not shown and may still be accepted has as many votes as the best choice, or more.
    pub fn is_led_by_unshown(&self) -> bool {
        let best = self.lines.iter().map(|line| line.count).max().unwrap_or(0);
        self.unshown.best > 0 && self.unshown.best >= best
    }

    /// The lines, the best choice first.
    pub fn by_place(mut self) -> Self {
        self.lines.sort_by_key(|line| line.place);
        self
    }
}
