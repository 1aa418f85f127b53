//! What every `schema.rs` says of the tables is what the migrations make of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(each_schema_file_says_what_the_migrations_made),
        on_sqlite(tables_are_described_in_schema_files_only),
        on_sqlite(the_database_room_names_no_table_of_a_feature),
    ]
}

/// Columns of Django's tables that no query of ours names, so that no schema file has them.
const NOT_USED: [&str; 7] = [
    "auth_group_permissions.id",
    "auth_user_groups.id",
    "auth_user_user_permissions.id",
    "django_migrations.app",
    "django_migrations.applied",
    "django_migrations.id",
    "django_migrations.name",
];

/// The tables without a schema file: SQL in triggers and in `db/dialect/sqlite` counts the public writes in it.
const WITHOUT_SCHEMA: [&str; 1] = ["polls_public_change"];

/// A column as both sides can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Described {
    name: String,
    /// Diesel's name of the type.
    sql_type: String,
    nullable: bool,
}

/// Tables with their columns in order.
type Tables = BTreeMap<String, Vec<Described>>;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every source file but those of tests, with its path below `src`.
fn source_files() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut directories = vec![source()];
    while let Some(directory) = directories.pop() {
        for path in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
            let name = path.strip_prefix(source()).expect("below src").display().to_string();
            if path.is_dir() && !name.ends_with("tests") {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((name, fs::read_to_string(&path).expect("a source file")));
            }
        }
    }
    found
}

fn schema_files() -> Vec<(String, String)> {
    source_files().into_iter().filter(|(name, _)| name.ends_with("schema.rs")).collect()
}

/// The `table!`s of a schema file.
fn declared(text: &str) -> Vec<(String, Vec<Described>)> {
    let code: Vec<_> = text.lines().map(str::trim).filter(|line| !line.starts_with("//")).collect();
    let mut tables = Vec::new();
    for block in code.split(|line| *line == "diesel::table! {").skip(1) {
        let head = block.first().expect("a table's name");
        let (table, _) = head.split_once(" (").expect("a table's name and key");
        let columns = block[1..].iter().take_while(|line| **line != "}").map(|line| {
            let (name, sql_type) = line.trim_end_matches(',').split_once(" -> ").expect("a column and its type");
            let inner = sql_type.strip_prefix("Nullable<").and_then(|inner| inner.strip_suffix('>'));
            let (name, sql_type, nullable) = (name.to_owned(), inner.unwrap_or(sql_type).to_owned(), inner.is_some());
            Described { name, sql_type, nullable }
        });
        tables.push((table.to_owned(), columns.collect()));
    }
    tables
}

#[derive(diesel::QueryableByName)]
struct Catalogued {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    data_type: String,
    #[diesel(sql_type = BigInt)]
    nullable: i64,
}

/// The tables of a database, as it describes them itself.
fn migrated(setup: &Setup) -> Tables {
    let sql = match setup.engine() {
        Engine::Sqlite => {
            "SELECT t.name AS table_name, c.name AS column_name, lower(c.type) AS data_type, \
             CAST(NOT c.\"notnull\" AND NOT c.pk AS bigint) AS nullable \
             FROM sqlite_master t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name <> 'sqlite_sequence' ORDER BY t.name, c.cid"
        }
        Engine::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text, \
             CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END::bigint AS nullable \
             FROM information_schema.columns WHERE table_schema = current_schema() \
             ORDER BY table_name, ordinal_position"
        }
        Engine::Mariadb => {
            "SELECT CAST(table_name AS CHAR) AS table_name, CAST(column_name AS CHAR) AS column_name, \
             CAST(column_type AS CHAR) AS data_type, \
             CAST(CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS SIGNED) AS nullable \
             FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
        }
    };
    let rows: Vec<Catalogued> = diesel::sql_query(sql).load(&mut setup.open()).expect("the catalogue");
    let mut tables = Tables::new();
    for row in rows {
        let sql_type = diesel_type(setup.engine(), &row.data_type);
        let column = Described { name: row.column_name, sql_type, nullable: row.nullable != 0 };
        tables.entry(row.table_name).or_default().push(column);
    }
    tables
}

/// Diesel's name of a database's type; the database's own where there is none.
fn diesel_type(engine: Engine, data_type: &str) -> String {
    if data_type == "tinyint(1)" {
        return "Bool".to_owned();
    }
    let bare = data_type.split('(').next().unwrap_or_default();
    let name = match bare {
        "bigint" => "BigInt",
        // SQLite's key is of 64 bits whatever Django calls it; the models of Django's own apps hold 32 of them.
        "integer" | "int" => "Integer",
        "smallint" | "smallint unsigned" => "SmallInt",
        "varchar" | "character varying" | "character" | "char" | "text" | "longtext" | "mediumtext" => "Text",
        "bool" | "boolean" => "Bool",
        "datetime" | "timestamp" | "timestamp with time zone" | "timestamp without time zone" => "Timestamp",
        other => return format!("{engine}'s {other}"),
    };
    name.to_owned()
}

/// Whether a declared column is what the database has. SQLite lets no table have a `bigint` that counts up by itself:
/// there such a key is an `integer`, and is as wide.
fn agrees(engine: Engine, declared: &Described, found: &Described) -> bool {
    let wide_key = engine == Engine::Sqlite && declared.sql_type == "BigInt" && found.sql_type == "Integer";
    let same_type = declared.sql_type == found.sql_type || (wide_key && declared.name == "id");
    same_type && declared.nullable == found.nullable
}

fn each_schema_file_says_what_the_migrations_made(setup: Setup) {
    let found = migrated(&setup);
    let mut wrong = Vec::new();
    let mut named = BTreeSet::new();
    for (file, text) in schema_files() {
        for (table, columns) in declared(&text) {
            let Some(of_table) = found.get(&table) else {
                wrong.push(format!("{file}: there is no table {table}"));
                continue;
            };
            for column in &columns {
                named.insert(format!("{table}.{}", column.name));
                match of_table.iter().find(|found| found.name == column.name) {
                    None => wrong.push(format!("{file}: {table} has no column {}", column.name)),
                    Some(found) if !agrees(setup.engine(), column, found) => {
                        wrong.push(format!("{file}: {table} has {found:?}, and not {column:?}"));
                    }
                    Some(_) => {}
                }
            }
        }
    }
    let of_tables = found.iter().filter(|(table, _)| !WITHOUT_SCHEMA.contains(&table.as_str()));
    for column in of_tables.flat_map(|(table, columns)| columns.iter().map(move |of| format!("{table}.{}", of.name))) {
        if !named.contains(&column) && !NOT_USED.contains(&column.as_str()) && !is_diesels(&column) {
            wrong.push(format!("no schema file has {column}"));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", setup.engine(), wrong.join("\n"));
}

/// Diesel writes down itself when it has applied a migration.
fn is_diesels(column: &str) -> bool {
    column == "__diesel_schema_migrations.run_on"
}

fn tables_are_described_in_schema_files_only() {
    let elsewhere: Vec<_> = source_files()
        .into_iter()
        .filter(|(name, text)| !name.ends_with("schema.rs") && !name.ends_with("tests.rs") && text.contains("table! {"))
        .map(|(name, _)| name)
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
    assert!(schema_files().len() >= 6);
}

/// But for the adoption of a database that Django made, which compares its tables with those of the first migrations.
fn the_database_room_names_no_table_of_a_feature() {
    let features = ["auth", "bookmark", "polls"];
    let tables: Vec<String> = schema_files()
        .iter()
        .filter(|(name, _)| features.iter().any(|feature| name.starts_with(feature)))
        .flat_map(|(_, text)| declared(text))
        .map(|(table, _)| table)
        .collect();
    let mut wrong = Vec::new();
    for (file, text) in source_files() {
        if file.starts_with("db/") && !file.starts_with("db/migrate/") {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            let code = code.take_while(|line| *line != "#[cfg(test)]").collect::<Vec<_>>().join("\n");
            wrong.extend(
                tables.iter().filter(|table| code.contains(table.as_str())).map(|table| format!("{file}: {table}")),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
