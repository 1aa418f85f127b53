//! Reads from the database what the judge needs to know about a batch.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;
use diesel::dsl::count_star;
use diesel::prelude::*;

use super::ballot::{Ballot, sorted};
use super::judge::{ChoiceFacts, CountedBallot, Facts, PollFacts};
use crate::db::Connection;
use crate::polls::ballot::{BallotKind, Mark};
use crate::polls::rules::{Rule as _, WhoVotes};
use crate::polls::schema::{polls_ballot, polls_choice, polls_deleted_ballot, polls_participation, polls_question};

/// A question with its rules, and one of its choices.
#[derive(Queryable)]
struct QuestionAndChoice {
    question: i64,
    is_public: bool,
    close_date: Option<NaiveDateTime>,
    kind: String,
    min_choices: i16,
    max_choices: i16,
    voters: String,
    may_change: bool,
    is_secret: bool,
    /// Id, total, since when it is withdrawn, and its state as an answer of a voter.
    choice: Option<(i64, i32, Option<NaiveDateTime>, String)>,
}

/// Uses one statement for questions and choices, one more if a ballot has fewer marks than its poll asks for, and up to
/// two for voters who may have voted before, and one for those of secret polls. With `again`, an earlier try may have been committed although no answer
/// came, so all voters of the batch may have voted before.
pub(super) fn facts(conn: &mut Connection, ballots: &[Ballot], again: bool, now: NaiveDateTime) -> QueryResult<Facts> {
    // A batch names few different questions and choices. A BTreeSet finds them faster here than a HashSet, which would
    // hash every ballot's.
    let questions: BTreeSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
    let choices: BTreeSet<_> = ballots.iter().flat_map(|ballot| &ballot.marks).map(|mark| mark.choice).collect();
    let of_question = polls_choice::question_id.eq(polls_question::id).and(polls_choice::id.eq_any(choices));
    let rows: Vec<QuestionAndChoice> = polls_question::table
        .left_join(polls_choice::table.on(of_question))
        .filter(polls_question::id.eq_any(questions))
        .select((
            polls_question::id,
            polls_question::pub_date.le(now).and(polls_question::is_draft.eq(false)),
            polls_question::close_date,
            polls_question::kind,
            polls_question::min_choices,
            polls_question::max_choices,
            polls_question::voters,
            polls_question::may_change,
            polls_question::is_secret,
            (polls_choice::id, polls_choice::votes, polls_choice::withdrawn_at, polls_choice::write_in).nullable(),
        ))
        .load(conn)?;
    let mut facts = Facts::default();
    for mut row in rows {
        if let Some((id, votes, withdrawn_at, write_in)) = row.choice.take() {
            let is_withdrawn = withdrawn_at.is_some_and(|since| since <= now);
            facts
                .choices
                .insert(id, ChoiceFacts { question: row.question, votes, is_withdrawn, is_shown: write_in.is_empty() });
        }
        facts.polls.entry(row.question).or_insert_with(|| row.poll(now));
    }
    count_choices(conn, &mut facts, ballots, now)?;
    facts.counted = counted(conn, &facts, ballots, again)?;
    add_participants(conn, &mut facts, ballots)?;
    Ok(facts)
}

/// Counts the choices that can be marked, in the polls that a ballot has fewer marks for than the rule asks.
fn count_choices(conn: &mut Connection, facts: &mut Facts, ballots: &[Ballot], now: NaiveDateTime) -> QueryResult<()> {
    let short = ballots.iter().filter(|ballot| facts.poll(ballot.question).is_short(&ballot.marks));
    let questions: BTreeSet<_> = short.map(|ballot| ballot.question).collect();
    if questions.is_empty() {
        return Ok(());
    }
    let counts: Vec<(i64, i64)> = polls_choice::table
        .filter(polls_choice::question_id.eq_any(&questions))
        .filter(polls_choice::withdrawn_at.is_null().or(polls_choice::withdrawn_at.gt(now)))
        .filter(polls_choice::write_in.eq(""))
        .group_by(polls_choice::question_id)
        .select((polls_choice::question_id, count_star()))
        .load(conn)?;
    for (question, count) in counts {
        if let Some(poll) = facts.polls.get_mut(&question) {
            poll.choices = usize::try_from(count).ok();
        }
    }
    Ok(())
}

impl QuestionAndChoice {
    fn poll(&self, now: NaiveDateTime) -> PollFacts {
        let who_votes = WhoVotes::named(&self.voters);
        PollFacts {
            is_public: self.is_public,
            is_closed: self.close_date.is_some_and(|close| close <= now),
            kind: BallotKind::named(&self.kind),
            min_choices: self.min_choices,
            max_choices: self.max_choices,
            choices: None,
            who_votes,
            // In an open poll the voter of a ballot is its request, and a request has one ballot.
            may_change: self.may_change && who_votes != WhoVotes::Open && !self.is_secret,
            is_secret: self.is_secret,
        }
    }
}

/// The ballots of the batch's voters that are in `polls_ballot`, or in `polls_deleted_ballot` with a choice that was
/// deleted and may be restored. The tables are read in this order because a deletion moves ballots from the first to
/// the second: a ballot that is moved between the two statements is found by the second.
fn counted(
    conn: &mut Connection,
    facts: &Facts,
    ballots: &[Ballot],
    again: bool,
) -> QueryResult<HashMap<i64, HashMap<String, CountedBallot>>> {
    let (mut questions, mut voters) = (BTreeSet::new(), Vec::new());
    for ballot in ballots {
        let poll = facts.poll(ballot.question);
        let voter = ballot.credentials.voter(poll.who_votes).filter(|_| !poll.is_secret);
        if let Some(voter) = voter.filter(|voter| again || voter.may_be_known()) {
            questions.insert(ballot.question);
            voters.push(voter.id());
        }
    }
    let mut counted: HashMap<i64, HashMap<String, CountedBallot>> = HashMap::new();
    if voters.is_empty() {
        return Ok(counted);
    }
    let rows: Vec<(i64, String, i64, i16)> = polls_ballot::table
        .filter(polls_ballot::question_id.eq_any(&questions))
        .filter(polls_ballot::voter.eq_any(&voters))
        .select((polls_ballot::question_id, polls_ballot::voter, polls_ballot::choice_id, polls_ballot::value))
        .load(conn)?;
    let put_aside: Vec<(i64, String, i64, i16)> = polls_deleted_ballot::table
        .filter(polls_deleted_ballot::question_id.eq_any(&questions))
        .filter(polls_deleted_ballot::voter.eq_any(&voters))
        .select((
            polls_deleted_ballot::question_id,
            polls_deleted_ballot::voter,
            polls_deleted_ballot::choice_id,
            polls_deleted_ballot::value,
        ))
        .load(conn)?;
    let of_both = rows.into_iter().map(|row| (row, false)).chain(put_aside.into_iter().map(|row| (row, true)));
    for ((question, voter, choice, value), is_aside) in of_both {
        let ballot = counted.entry(question).or_default().entry(voter).or_default();
        ballot.marks.get_or_insert_default().push(Mark { choice, value });
        ballot.is_aside |= is_aside;
    }
    for ballot in counted.values_mut().flat_map(HashMap::values_mut) {
        ballot.marks = ballot.marks.take().map(sorted);
    }
    Ok(counted)
}

/// Adds the voters of secret polls who have voted. Nothing says what they marked.
fn add_participants(conn: &mut Connection, facts: &mut Facts, ballots: &[Ballot]) -> QueryResult<()> {
    if !facts.has_secret_polls() {
        return Ok(());
    }
    let (mut questions, mut voters) = (BTreeSet::new(), Vec::new());
    for ballot in ballots {
        let poll = facts.poll(ballot.question);
        if let Some(voter) = ballot.credentials.voter(poll.who_votes).filter(|_| poll.is_secret) {
            questions.insert(ballot.question);
            voters.push(voter.id());
        }
    }
    if voters.is_empty() {
        return Ok(());
    }
    let participants: Vec<(i64, String)> = polls_participation::table
        .filter(polls_participation::question_id.eq_any(&questions))
        .filter(polls_participation::voter.eq_any(&voters))
        .load(conn)?;
    for (question, voter) in participants {
        facts.counted.entry(question).or_default().insert(voter, CountedBallot::default());
    }
    Ok(())
}
