//! MariaDB and MySQL: two statements for a batch, each with all rows in its text.

use diesel::prelude::*;

use super::{Additions, NewMark};
use crate::polls::schema::polls_ballot;

/// Returns how many of the choices of `additions` exist. The totals are updated before the ballots are inserted: a ballot's foreign
/// key takes a shared lock on its choice, so two transactions that inserted first would then wait for each other to
/// update. InnoDB reads the choices, and locks them, in the order of their keys.
pub(super) fn add(conn: &mut MysqlConnection, marks: &mut [NewMark], additions: &Additions) -> QueryResult<usize> {
    marks.sort_unstable_by_key(|row| (row.question_id, row.voter, row.mark));
    let updated = if additions.is_empty() { 0 } else { update(conn, additions)? };
    diesel::insert_into(polls_ballot::table).values(&*marks).execute(conn)?;
    Ok(updated)
}

fn update(conn: &mut MysqlConnection, additions: &Additions) -> QueryResult<usize> {
    let votes: Vec<_> = additions.iter().map(|((choice, _), votes)| format!("WHEN {choice} THEN {votes}")).collect();
    let questions: Vec<_> =
        additions.keys().map(|(choice, question)| format!("WHEN {choice} THEN {question}")).collect();
    let choices: Vec<_> = additions.keys().map(|(choice, _)| choice.to_string()).collect();
    // The opening balance is set first, because MySQL sets columns from left to right, and it must use the total before
    // this update.
    diesel::sql_query(format!(
        "UPDATE polls_choice SET opening_votes = COALESCE(opening_votes, votes), votes = votes + CASE id {votes} END \
         WHERE id IN ({choices}) AND question_id = CASE id {questions} END",
        votes = votes.join(" "),
        choices = choices.join(", "),
        questions = questions.join(" "),
    ))
    .execute(conn)
}
