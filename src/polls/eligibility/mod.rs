//! Who may vote in a poll, and as which voter, by the rule of the poll: once per browser, account or invitation.

pub mod account;
pub mod browser;
pub mod invitation;
pub mod voted;

use diesel::dsl::{count, exists};
use diesel::prelude::*;

use crate::db::Connection;
use crate::polls::ballot_box::Voter;
use crate::polls::schema::{polls_ballot, polls_deleted_ballot, polls_participation};

/// Whether a voter's ballot is counted, or put aside with its choice, or the voter has voted in a secret poll.
///
/// # Errors
/// If the database does not answer.
pub fn has_voted(conn: &mut Connection, question: i64, voter: &Voter) -> QueryResult<bool> {
    let counted = polls_ballot::table
        .filter(polls_ballot::question_id.eq(question))
        .filter(polls_ballot::voter.eq(voter.id()))
        .select(polls_ballot::id);
    let put_aside = polls_deleted_ballot::table
        .filter(polls_deleted_ballot::question_id.eq(question))
        .filter(polls_deleted_ballot::voter.eq(voter.id()))
        .select(polls_deleted_ballot::id);
    let secretly = polls_participation::table.find((question, voter.id())).select(polls_participation::voter);
    Ok(diesel::select(exists(counted)).get_result(conn)?
        || diesel::select(exists(put_aside)).get_result(conn)?
        || diesel::select(exists(secretly)).get_result(conn)?)
}

/// How many voters have voted whose ids begin with a character, which is followed by `next`.
fn voters(conn: &mut Connection, question: i64, initial: &str, next: &str) -> QueryResult<i64> {
    let known: i64 = polls_ballot::table
        .filter(polls_ballot::question_id.eq(question))
        .filter(polls_ballot::voter.ge(initial).and(polls_ballot::voter.lt(next)))
        .select(count(polls_ballot::voter).aggregate_distinct())
        .get_result(conn)?;
    let secret: i64 = polls_participation::table
        .filter(polls_participation::question_id.eq(question))
        .filter(polls_participation::voter.ge(initial).and(polls_participation::voter.lt(next)))
        .count()
        .get_result(conn)?;
    Ok(known + secret)
}
