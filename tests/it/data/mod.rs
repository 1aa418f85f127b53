//! What is in the database, on each of the three.

mod ballots;
mod ballots_again;
mod ballots_unanswered;
mod migrations;
mod not_now;
mod recount;
mod same_text;
mod schema;
mod sqlite;
mod sqlite_files;
mod tables;
mod unreadable;

use crate::support::Test;

/// The lists of the admin.
const QUESTIONS: &str = "/admin/polls/question/";
const CHOICES: &str = "/admin/polls/choice/";
const BOOKMARKS: &str = "/admin/bookmark/bookmark/";
const USERS: &str = "/admin/auth/user/";
const GROUPS: &str = "/admin/auth/group/";
const LOG: &str = "/admin/admin/logentry/";

pub fn tests() -> Vec<Test> {
    let modules = [
        migrations::tests(),
        schema::tests(),
        tables::tests(),
        sqlite::tests(),
        sqlite_files::tests(),
        ballots::tests(),
        ballots_again::tests(),
        ballots_unanswered::tests(),
        recount::tests(),
        not_now::tests(),
        same_text::tests(),
        unreadable::tests(),
    ];
    modules.into_iter().flatten().collect()
}
