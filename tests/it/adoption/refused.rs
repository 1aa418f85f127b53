//! What cannot be adopted is refused with the reason, and stays as it was.

use crate::support::content::{content, execute};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_every_database(what_is_not_djangos_is_refused_with_the_reason_and_left_as_it_was).needing(Need::Django)]
}

/// A difference from what Django makes: how to bring it about, what is said of it, how to take it back.
struct Fault {
    make: &'static str,
    reason: &'static str,
    unmake: &'static str,
}

const MISSING_TABLE: Fault = Fault {
    make: "ALTER TABLE polls_choice RENAME TO polls_answer",
    reason: "table polls_choice is missing beside polls_question",
    unmake: "ALTER TABLE polls_answer RENAME TO polls_choice",
};
const MISSING_COLUMN: Fault = Fault {
    make: "ALTER TABLE bookmark_bookmark RENAME COLUMN title TO heading",
    reason: "bookmark_bookmark.title is missing",
    unmake: "ALTER TABLE bookmark_bookmark RENAME COLUMN heading TO title",
};
/// On a table without rows, since the databases refuse it on others.
const COLUMN_WITHOUT_DEFAULT: Fault = Fault {
    make: "ALTER TABLE django_session ADD COLUMN device varchar(20) NOT NULL",
    reason: "django_session.device has no default",
    unmake: "ALTER TABLE django_session DROP COLUMN device",
};
const FOREIGN_BALLOTS: Fault = Fault {
    make: "CREATE TABLE polls_ballot (id integer NOT NULL PRIMARY KEY)",
    reason: "table polls_ballot is there already",
    unmake: "DROP TABLE polls_ballot",
};
/// As Django made ids before 3.2.
const SMALL_IDS_ON_POSTGRES: Fault = Fault {
    make: "ALTER TABLE polls_choice ALTER COLUMN id TYPE integer",
    reason: "polls_choice.id is integer, expected a bigint",
    unmake: "ALTER TABLE polls_choice ALTER COLUMN id TYPE bigint",
};
const SMALL_IDS_ON_MARIADB: Fault = Fault {
    make: "ALTER TABLE polls_choice MODIFY id integer NOT NULL AUTO_INCREMENT",
    reason: "polls_choice.id is int, expected a bigint",
    unmake: "ALTER TABLE polls_choice MODIFY id bigint NOT NULL AUTO_INCREMENT",
};

fn what_is_not_djangos_is_refused_with_the_reason_and_left_as_it_was(setup: Setup) {
    let setup = setup.filled_by_django();
    let small_ids = match setup.engine() {
        // Its integers are as wide as they need to be.
        Engine::Sqlite => None,
        Engine::Postgres => Some(SMALL_IDS_ON_POSTGRES),
        Engine::Mariadb => Some(SMALL_IDS_ON_MARIADB),
    };
    let everywhere = [MISSING_TABLE, MISSING_COLUMN, COLUMN_WITHOUT_DEFAULT, FOREIGN_BALLOTS];
    for fault in everywhere.into_iter().chain(small_ids) {
        execute(&setup, fault.make);
        let before = content(&setup);
        let refusal = setup.run(&["migrate"]).expect(1);
        assert!(refusal.stderr.contains("cannot be adopted, and nothing was changed"), "{}", refusal.stderr);
        assert!(refusal.stderr.contains(fault.reason), "{}", refusal.stderr);
        assert_eq!(refusal.stdout, "");
        assert!(content(&setup) == before, "the database has changed, although: {}", refusal.stderr);
        execute(&setup, fault.unmake);
    }
    setup.run(&["migrate"]).expect(0);
    setup.django().has_nothing_to_migrate();
}
