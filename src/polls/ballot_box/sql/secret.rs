//! Secret ballots: who has voted is written apart from them, and their order says nothing.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::result::Error;

#[cfg(feature = "postgres")]
use super::postgres;
use super::{NewMark, NewParticipation};
use crate::db::Connection;
use crate::polls::ballot_box::judge::Judgement;
use crate::polls::ballot_box::voter::Voter;
use crate::polls::schema::{polls_ballot, polls_participation};

/// Among how many stored ballots a new one is put.
const AMONG: i64 = 64;

/// The voters of the secret ballots, sorted, so that writers wait for each other in one order.
pub(super) fn participations<'a>(judgement: &Judgement<'a>) -> Vec<NewParticipation<'a>> {
    let secret = judgement.accepted.iter().filter(|accepted| accepted.is_secret);
    let voters = secret.map(|ballot| NewParticipation { question_id: ballot.question, voter: ballot.voter.id() });
    let mut voters: Vec<_> = voters.collect();
    voters.sort_unstable();
    voters
}

/// Notes who has voted in secret polls.
pub(super) fn participate(conn: &mut Connection, voters: &[NewParticipation]) -> QueryResult<()> {
    for voter in voters {
        diesel::insert_into(polls_participation::table).values(voter).execute(conn)?;
    }
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::rewrite_participations(conn, voters),
        _ => Ok(()),
    }
}

/// Exchanges the marks of each secret ballot with those of a stored ballot of its poll, chosen at random, or leaves it
/// as it is, which is as likely. Ids of ballots rise with time; without this, whoever knows in which order people voted,
/// by the access log of a web server, would know which ballot is whose. (It is the shuffle of Fisher and Yates, among the
/// ballots with as many marks.)
///
/// # Errors
/// `NotFound` if another writer has changed a ballot meanwhile.
pub(super) fn shuffle(conn: &mut Connection, marks: &mut [NewMark], voters: &[NewParticipation]) -> QueryResult<()> {
    let questions: BTreeSet<_> = voters.iter().map(|voter| voter.question_id).collect();
    for ballot in marks.chunk_by_mut(|one, next| one.position == next.position) {
        if questions.contains(&ballot[0].question_id)
            && let Some(other) = choose(conn, ballot)?
        {
            exchange(conn, ballot, &other)?;
        }
    }
    Ok(())
}

/// The id under which a stored ballot with as many marks has its voter; None to leave the ballot as it is.
fn choose(conn: &mut Connection, ballot: &[NewMark]) -> QueryResult<Option<String>> {
    let (question, start) = (ballot[0].question_id, Voter::unknown().map_err(no_random)?);
    let mut others = stored(conn, question, start.id(), "t", AMONG)?;
    let left = AMONG - i64::try_from(others.len()).unwrap_or(AMONG);
    others.extend(stored(conn, question, "s", start.id(), left)?);
    others.retain(|(_, last)| last.is_some_and(|last| usize::try_from(last) == Ok(ballot.len() - 1)));
    let count = u64::try_from(others.len()).unwrap_or_default();
    let chosen = getrandom::u64().map_err(no_random)? % (count + 1);
    Ok(usize::try_from(chosen).ok().and_then(|at| others.into_iter().nth(at)).map(|(voter, _)| voter))
}

/// The ids of stored secret ballots from `low` to below `high`, in their order, each with the number of its last mark.
fn stored(
    conn: &mut Connection,
    question: i64,
    low: &str,
    high: &str,
    most: i64,
) -> QueryResult<Vec<(String, Option<i16>)>> {
    polls_ballot::table
        .filter(polls_ballot::question_id.eq(question))
        .filter(polls_ballot::voter.ge(low).and(polls_ballot::voter.lt(high)))
        .group_by(polls_ballot::voter)
        .order(polls_ballot::voter)
        .limit(most)
        .select((polls_ballot::voter, diesel::dsl::max(polls_ballot::mark)))
        .load(conn)
}

/// Gives a stored ballot the marks of a new one, and the new one those of the stored.
fn exchange(conn: &mut Connection, ballot: &mut [NewMark], other: &str) -> QueryResult<()> {
    let of_other = polls_ballot::question_id.eq(ballot[0].question_id).and(polls_ballot::voter.eq(other));
    let rows: Vec<(i64, i64, i16)> = polls_ballot::table
        .filter(of_other)
        .order(polls_ballot::mark)
        .select((polls_ballot::id, polls_ballot::choice_id, polls_ballot::value))
        .load(conn)?;
    if rows.len() != ballot.len() {
        return Err(Error::NotFound);
    }
    for (mark, (id, choice, value)) in ballot.iter_mut().zip(rows) {
        let as_read = polls_ballot::choice_id.eq(choice).and(polls_ballot::value.eq(value));
        let updated = diesel::update(polls_ballot::table.find(id).filter(as_read))
            .set((polls_ballot::choice_id.eq(mark.choice_id), polls_ballot::value.eq(mark.value)))
            .execute(conn)?;
        // MariaDB counts rows that it finds as they are to become, too, as Diesel asks for.
        if updated != 1 {
            return Err(Error::NotFound);
        }
        (mark.choice_id, mark.value) = (choice, value);
    }
    Ok(())
}

fn no_random(error: getrandom::Error) -> Error {
    Error::QueryBuilderError(error.to_string().into())
}
