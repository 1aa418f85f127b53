//! What is in the database, on each of the three.

mod ballots;
mod ballots_again;
mod ballots_unanswered;
mod migrations;
mod recount;
mod schema;
mod sqlite;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let modules = [
        migrations::tests(),
        schema::tests(),
        sqlite::tests(),
        ballots::tests(),
        ballots_again::tests(),
        ballots_unanswered::tests(),
        recount::tests(),
    ];
    modules.into_iter().flatten().collect()
}
