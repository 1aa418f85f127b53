//! The result of a poll and its ballots, for files. Nothing in them identifies a voter.

use diesel::prelude::*;

use crate::db::Connection;
use crate::polls::schema::{polls_ballot, polls_choice};

/// How many rows one query reads.
const BATCH: i64 = 5000;

/// A mark on a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BallotRow {
    /// Counts the ballots from 1.
    pub ballot: i64,
    pub choice: i64,
    pub value: i16,
}

/// The id, text and votes of each choice.
///
/// # Errors
/// If the database does not answer.
pub fn choices(conn: &mut Connection, question: i64) -> QueryResult<Vec<(i64, String, i32)>> {
    let of_question = polls_choice::table
        .filter(polls_choice::question_id.eq(question))
        .order((polls_choice::position, polls_choice::id));
    of_question.select((polls_choice::id, polls_choice::choice_text, polls_choice::votes)).load(conn)
}

/// Hands each mark of each ballot to `write`, ballot by ballot. They are in the order of the voters' ids, which are
/// random but for the hour of the vote, and not in the order of the votes.
///
/// # Errors
/// If the database does not answer, or the error of `write`.
pub fn ballots<E: From<diesel::result::Error>>(
    conn: &mut Connection,
    question: i64,
    mut write: impl FnMut(BallotRow) -> Result<(), E>,
) -> Result<(), E> {
    // Of the last ballot that was read, and how many of its marks.
    let (mut last, mut marks) = (String::new(), 0);
    let mut ballot = 0;
    loop {
        let rows: Vec<(String, i64, i16)> = polls_ballot::table
            .filter(polls_ballot::question_id.eq(question))
            .filter(polls_ballot::voter.ge(&last))
            .order((polls_ballot::voter, polls_ballot::mark))
            .offset(marks)
            .limit(BATCH)
            .select((polls_ballot::voter, polls_ballot::choice_id, polls_ballot::value))
            .load(conn)?;
        if rows.is_empty() {
            return Ok(());
        }
        for (voter, choice, value) in rows {
            if voter != last {
                (last, marks, ballot) = (voter, 0, ballot + 1);
            }
            marks += 1;
            write(BallotRow { ballot, choice, value })?;
        }
    }
}
