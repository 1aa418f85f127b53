//! MariaDB and MySQL take many rows in one statement, as long as they are many.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::NewBallot;
use crate::db::schema::polls_ballot;

pub fn insert(conn: &mut MysqlConnection, ballots: &[NewBallot]) -> QueryResult<()> {
    diesel::insert_into(polls_ballot::table).values(ballots).execute(conn).map(|_| ())
}

/// How many of the choices were there. InnoDB comes to them, and locks them, in the order of their keys.
pub fn add(conn: &mut MysqlConnection, additions: &BTreeMap<i64, i32>) -> QueryResult<usize> {
    let cases: String = additions.iter().map(|(choice, votes)| format!(" WHEN {choice} THEN {votes}")).collect();
    let choices: Vec<_> = additions.keys().map(i64::to_string).collect();
    // The opening balance first: values are set from left to right, and it must not see the new total.
    diesel::sql_query(format!(
        "UPDATE polls_choice SET opening_votes = COALESCE(opening_votes, votes), votes = votes + CASE id{cases} END \
         WHERE id IN ({})",
        choices.join(", ")
    ))
    .execute(conn)
}
