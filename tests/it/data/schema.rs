//! Django's tables and column types.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::Text;
use polls::db::Connection;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(the_tables_are_djangos_and_our_own),
        on_every_database(ids_are_as_wide_as_django_makes_them_today),
        on_every_database(foreign_keys_are_enforced),
        on_every_database(a_ballot_has_a_choice_and_goes_with_it),
        on_servers(a_choice_waits_for_ballots_that_are_being_written),
        on_postgres(a_choice_takes_its_ballots_along_whatever_a_session_calls_its_tables),
        on_postgres(choices_with_ballots_are_not_truncated),
        on_every_database(a_bookmarks_address_is_unique),
    ]
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

fn texts(app: &Setup, sql: &str) -> Vec<String> {
    let names: Vec<Name> =
        diesel::sql_query(sql).load(&mut app.open()).unwrap_or_else(|error| panic!("{sql}: {error}"));
    names.into_iter().map(|row| row.name).collect()
}

/// The schema that a connection works in, where there is an `information_schema`.
fn current_schema(engine: Engine) -> &'static str {
    if engine == Engine::Postgres { "current_schema()" } else { "DATABASE()" }
}

fn the_tables_are_djangos_and_our_own(setup: Setup) {
    let engine = setup.engine();
    let sql = match engine {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'".to_owned()
        }
        _ => format!(
            "SELECT CAST(table_name AS CHAR(64)) AS name FROM information_schema.tables WHERE table_schema = {}",
            current_schema(engine)
        ),
    };
    let mut tables: Vec<_> = texts(&setup, &sql).into_iter().map(|name| name.trim_end().to_owned()).collect();
    tables.sort();
    let expected = [
        "__diesel_schema_migrations",
        "admin_change",
        "admin_task",
        "auth_apitoken",
        "auth_group",
        "auth_group_permissions",
        "auth_login_failure",
        "auth_login_turn",
        "auth_mail",
        "auth_permission",
        "auth_recovery_code",
        "auth_second_factor",
        "auth_setup_link",
        "auth_user",
        "auth_user_groups",
        "auth_user_user_permissions",
        "bookmark_bookmark",
        "bookmark_check",
        "bookmark_tag",
        "bookmark_tagging",
        "bookmark_turn",
        "django_admin_log",
        "django_adoption",
        "django_content_type",
        "django_migrations",
        "django_session",
        "ops_last_done",
        "outbound_host",
        "outbound_report",
        "outbound_task",
        "polls_ballot",
        "polls_choice",
        "polls_deleted_ballot",
        "polls_deleted_choice",
        "polls_invitation",
        "polls_participation",
        "polls_public_change",
        "polls_question",
        "polls_source",
        "polls_wording",
        "web_form_key",
    ];
    assert_eq!(tables, expected);
}

/// On SQLite an `integer` primary key is 64 bits wide whatever its name.
fn ids_are_as_wide_as_django_makes_them_today(setup: Setup) {
    let engine = setup.engine();
    if engine == Engine::Sqlite {
        let sql = "SELECT type AS name FROM pragma_table_info('polls_choice') WHERE name IN ('question_id')";
        assert_eq!(texts(&setup, sql), ["bigint"]);
        return;
    }
    let wide = format!(
        "SELECT CAST(table_name AS CHAR(64)) AS name FROM information_schema.columns \
         WHERE table_schema = {} AND column_name = 'id' AND data_type = 'bigint' \
         AND table_name NOT LIKE 'polls_deleted%' \
         AND (table_name LIKE 'polls%' OR table_name LIKE 'bookmark%' OR table_name IN ('auth_user', 'auth_group'))",
        current_schema(engine)
    );
    let mut wide: Vec<_> = texts(&setup, &wide).into_iter().map(|name| name.trim_end().to_owned()).collect();
    wide.sort();
    let expected = [
        "bookmark_bookmark",
        "bookmark_check",
        "bookmark_tag",
        "bookmark_tagging",
        "polls_ballot",
        "polls_choice",
        "polls_invitation",
        "polls_question",
        "polls_source",
        "polls_wording",
    ];
    assert_eq!(wide, expected);
}

fn refused(setup: &Setup, sql: &str) {
    let result = diesel::sql_query(sql).execute(&mut setup.open());
    assert!(result.is_err(), "{sql} was taken");
}

fn violates_a_key(setup: &Setup, sql: &str) {
    let error = diesel::sql_query(sql).execute(&mut setup.open()).expect_err(sql);
    let is_violation = matches!(error, Error::DatabaseError(DatabaseErrorKind::ForeignKeyViolation, _));
    assert!(is_violation, "{sql}: {error:?}");
}

fn foreign_keys_are_enforced(setup: Setup) {
    let poll = setup.poll();
    refused(&setup, "INSERT INTO polls_choice (choice_text, votes, question_id) VALUES ('stray', 0, 4711)");
    refused(&setup, &format!("DELETE FROM polls_question WHERE id = {}", poll.id));
    assert_eq!(setup.totals(&poll), [0, 0, 0]);
}

/// The statement that writes a ballot of one voter.
fn ballot(question: i64, choice: i64, voter: &str) -> String {
    format!(
        "INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) \
         VALUES ({question}, {choice}, '{voter}', '2026-01-01 00:00:00')"
    )
}

fn a_ballot_has_a_choice_and_goes_with_it(setup: Setup) {
    let poll = setup.poll();
    let [chosen, other, _] = poll.choices[..] else { panic!("three choices") };
    violates_a_key(&setup, &ballot(poll.id, 4711, "stray"));
    setup.execute(&ballot(poll.id, chosen, "one"));
    setup.execute(&ballot(poll.id, other, "two"));
    violates_a_key(&setup, "UPDATE polls_ballot SET choice_id = 4711");
    violates_a_key(&setup, &format!("UPDATE polls_choice SET id = 4711 WHERE id = {chosen}"));
    assert_eq!(setup.ballots(&poll), [1, 1, 0]);
    setup.execute(&format!("DELETE FROM polls_choice WHERE id = {chosen}"));
    assert_eq!(setup.ballots(&poll), [0, 1, 0]);
}

/// And a ballot for a choice that is being deleted.
fn a_choice_waits_for_ballots_that_are_being_written(setup: Setup) {
    let poll = setup.poll();
    let (mut voter, mut admin) = (setup.open(), setup.open());
    let brief = match setup.engine() {
        Engine::Postgres => "SET lock_timeout = '50ms'",
        _ => "SET innodb_lock_wait_timeout = 1",
    };
    let ballot = ballot(poll.id, poll.choices[0], "one");
    let deletion = format!("DELETE FROM polls_choice WHERE id = {}", poll.choices[0]);
    for conn in [&mut voter, &mut admin] {
        run(conn, brief).expect("a setting");
    }
    run(&mut voter, "BEGIN").and_then(|()| run(&mut voter, &ballot)).expect("a ballot");
    run(&mut admin, &deletion).expect_err("the choice has a ballot that is not committed");
    run(&mut voter, "ROLLBACK").expect("the voter gives up");

    run(&mut admin, "BEGIN").and_then(|()| run(&mut admin, &deletion)).expect("a deletion");
    run(&mut voter, &ballot).expect_err("the choice may be gone");
    run(&mut admin, "COMMIT").expect("the choice is gone");
    run(&mut voter, &ballot).expect_err("the choice is gone");
    assert_eq!(setup.all_ballots(), 0);
}

fn run(conn: &mut Connection, sql: &str) -> QueryResult<()> {
    diesel::sql_query(sql).execute(conn).map(|_| ())
}

fn a_choice_takes_its_ballots_along_whatever_a_session_calls_its_tables(setup: Setup) {
    let poll = setup.poll();
    setup.execute(&ballot(poll.id, poll.choices[0], "one"));
    let mut conn = setup.open();
    for sql in ["CREATE TEMPORARY TABLE polls_ballot (choice_id bigint)", "DELETE FROM polls_choice"] {
        run(&mut conn, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    assert_eq!(setup.all_ballots(), 0);
}

fn choices_with_ballots_are_not_truncated(setup: Setup) {
    let poll = setup.poll();
    setup.execute(&ballot(poll.id, poll.choices[0], "one"));
    violates_a_key(&setup, "TRUNCATE polls_choice");
    assert_eq!(setup.ballots(&poll), [1, 0, 0]);
    setup.execute("TRUNCATE polls_choice, polls_ballot");
    assert_eq!(setup.all_ballots(), 0);
}

fn a_bookmarks_address_is_unique(setup: Setup) {
    setup.bookmark(Some("One"), "https://example.com/");
    refused(&setup, "INSERT INTO bookmark_bookmark (title, url) VALUES ('Two', 'https://example.com/')");
}
