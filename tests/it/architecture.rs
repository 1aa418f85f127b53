//! Who may know whom: imports point only downward.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::*;

/// The rooms from the top down, as in `src/lib.rs`. Those on one line do not know each other.
const ROOMS: &[&[&str]] = &[
    &["cli"],
    &["gateway", "ops"],
    &["app"],
    &["sample"],
    &["home"],
    &["polls", "bookmark"],
    &["auth"],
    &["admin"],
    &["web"],
    &["db"],
    &["logging"],
    &["settings"],
    &["clock"],
    &["text"],
    &["seeded_bugs"],
];

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(imports_point_only_downward),
        on_sqlite(every_room_has_its_place),
        on_sqlite(only_dialect_and_sql_folders_know_databases),
    ]
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every file below `src`, with its text.
fn files() -> Vec<(PathBuf, String)> {
    let (mut found, mut directories) = (Vec::new(), vec![source()]);
    while let Some(directory) = directories.pop() {
        for path in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                directories.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path.strip_prefix(source()).expect("below src").to_path_buf(), text));
            }
        }
    }
    found
}

fn floor(room: &str) -> Option<usize> {
    ROOMS.iter().position(|rooms| rooms.contains(&room))
}

/// The room that a file belongs to: its folder, or itself.
fn room(path: &Path) -> String {
    let first = path.iter().next().expect("a name").to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a text names after `crate::`, also in braces.
fn named(text: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => rooms.push(word(rest)),
            Some(list) => {
                let (mut depth, mut start) = (0, true);
                for (index, c) in list.char_indices() {
                    if depth == 0 && start && c.is_ascii_alphabetic() {
                        rooms.push(word(&list[index..]));
                        start = false;
                    }
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' => start = true,
                        _ => {}
                    }
                }
            }
        }
    }
    rooms
}

fn imports_point_only_downward() {
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let own = room(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        for other in named(&text).into_iter().filter(|other| *other != own) {
            if floor(&other).is_none_or(|other| floor(&own).is_none_or(|own| own >= other)) {
                wrong.push(format!("src/{}: {own} may not know {other}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn every_room_has_its_place() {
    let library = fs::read_to_string(source().join("lib.rs")).expect("the library");
    let rooms = library.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let homeless: Vec<_> = rooms.filter(|room| floor(room).is_none()).collect();
    assert!(homeless.is_empty(), "{homeless:?}");
}

/// SQL that differs between databases stands in `dialect/` and `sql/` folders only. Besides them, two parts of the
/// database room know the kinds: its connection, and its migrations, which are three sets.
fn only_dialect_and_sql_folders_know_databases() {
    let kinds = [
        "Connection::Sqlite",
        "Connection::Postgres",
        "Connection::Mysql",
        "SqliteConnection",
        "PgConnection",
        "MysqlConnection",
    ];
    let may_know = |path: &Path| {
        let in_folder =
            path.parent().is_some_and(|folder| folder.iter().any(|part| part == "dialect" || part == "sql"));
        in_folder || DATABASE_KINDS.iter().any(|known| path.starts_with(known))
    };
    let mut wrong = Vec::new();
    for (path, text) in files().into_iter().filter(|(path, _)| !may_know(path)) {
        let named = kinds.into_iter().filter(|kind| text.contains(kind));
        wrong.extend(named.map(|kind| format!("src/{} names {kind}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const DATABASE_KINDS: &[&str] = &["db/connection.rs", "db/migrate", "db/pool/connector.rs"];
