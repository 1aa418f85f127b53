//! MariaDB and MySQL take many rows in one statement, as long as they are many.

use diesel::prelude::*;

use super::{Additions, NewBallot};
use crate::polls::schema::polls_ballot;

/// How many of the choices were there. InnoDB comes to them, and locks them, in the order of their keys; and before
/// the ballots, whose foreign key locks their choice against those who add to its total: two that insert and then
/// add would wait for each other.
pub fn add(conn: &mut MysqlConnection, ballots: &[NewBallot], additions: &Additions) -> QueryResult<usize> {
    let votes: Vec<_> = additions.iter().map(|((choice, _), votes)| format!("WHEN {choice} THEN {votes}")).collect();
    let questions: Vec<_> =
        additions.keys().map(|(choice, question)| format!("WHEN {choice} THEN {question}")).collect();
    let choices: Vec<_> = additions.keys().map(|(choice, _)| choice.to_string()).collect();
    let (votes, questions, choices) = (votes.join(" "), questions.join(" "), choices.join(", "));
    // The opening balance first: values are set from left to right, and it must not see the new total.
    let updated = diesel::sql_query(format!(
        "UPDATE polls_choice SET opening_votes = COALESCE(opening_votes, votes), votes = votes + CASE id {votes} END \
         WHERE id IN ({choices}) AND question_id = CASE id {questions} END"
    ))
    .execute(conn)?;
    diesel::insert_into(polls_ballot::table).values(ballots).execute(conn)?;
    Ok(updated)
}
