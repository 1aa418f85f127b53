//! Django's tables and column types.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(the_tables_are_djangos_and_our_own),
        on_every_database(ids_are_as_wide_as_django_makes_them_today),
        on_every_database(foreign_keys_are_enforced),
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
        "auth_group",
        "auth_group_permissions",
        "auth_login_failure",
        "auth_login_turn",
        "auth_permission",
        "auth_setup_link",
        "auth_user",
        "auth_user_groups",
        "auth_user_user_permissions",
        "bookmark_bookmark",
        "django_admin_log",
        "django_content_type",
        "django_migrations",
        "django_session",
        "polls_ballot",
        "polls_choice",
        "polls_deleted_ballot",
        "polls_deleted_choice",
        "polls_question",
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
    assert_eq!(wide, ["bookmark_bookmark", "polls_ballot", "polls_choice", "polls_question"]);
}

fn refused(setup: &Setup, sql: &str) {
    let result = diesel::sql_query(sql).execute(&mut setup.open());
    assert!(result.is_err(), "{sql} was taken");
}

fn foreign_keys_are_enforced(setup: Setup) {
    let poll = setup.poll();
    refused(&setup, "INSERT INTO polls_choice (choice_text, votes, question_id) VALUES ('stray', 0, 4711)");
    refused(&setup, &format!("DELETE FROM polls_question WHERE id = {}", poll.id));
    assert_eq!(setup.totals(&poll), [0, 0, 0]);
}

fn a_bookmarks_address_is_unique(setup: Setup) {
    setup.bookmark(Some("One"), "https://example.com/");
    refused(&setup, "INSERT INTO bookmark_bookmark (title, url) VALUES ('Two', 'https://example.com/')");
}
