//! Who may know whom: imports point only downward.

mod circles;
mod names;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::*;
use circles::circles;
use source::{references, source_files};

/// The rooms from the top down, as in `src/lib.rs`. Those on one line do not know each other.
const ROOMS: &[&[&str]] = &[
    &["cli"],
    &["gateway", "ops"],
    &["app"],
    &["sample"],
    &["home"],
    &["polls"],
    &["bookmark", "queue"],
    &["auth"],
    &["admin"],
    &["web"],
    &["outbound"],
    &["db"],
    &["logging", "metrics"],
    &["settings"],
    &["clock"],
    &["text"],
    &["seeded_bugs"],
];

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(imports_point_only_downward),
        on_sqlite(every_room_has_its_place),
        on_sqlite(no_files_name_each_other_in_a_circle),
        on_sqlite(a_circle_of_files_is_seen),
        on_sqlite(a_feature_is_named_by_the_list_of_features_only),
        on_sqlite(a_type_name_means_one_thing),
        on_sqlite(addresses_stand_in_paths_only),
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

/// A folder's `mod.rs` and the files below it may name each other.
fn no_files_name_each_other_in_a_circle() {
    let references = references(&source_files());
    let found: Vec<_> = circles(&references).iter().map(|circle| format!("{circle:?}")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn a_circle_of_files_is_seen() {
    let references = |pairs: &[(&str, &str)]| {
        let mut references = std::collections::BTreeMap::<String, std::collections::BTreeSet<String>>::new();
        for (one, other) in pairs {
            references.entry((*one).to_owned()).or_default().insert((*other).to_owned());
            references.entry((*other).to_owned()).or_default();
        }
        references
    };
    // A folder's own file is left out, but not those that are circles without it.
    assert!(circles(&references(&[("a/mod.rs", "a/b.rs"), ("a/b.rs", "a/mod.rs")])).is_empty());
    assert_eq!(circles(&references(&[("a/b.rs", "c.rs"), ("c.rs", "d.rs"), ("d.rs", "a/b.rs")])).len(), 1);
    let hidden = [("a/mod.rs", "a/b.rs"), ("a/b.rs", "a/c.rs"), ("a/c.rs", "a/b.rs"), ("a/b.rs", "a/mod.rs")];
    assert_eq!(circles(&references(&hidden)).len(), 1);
    // What is named by way of a re-export is found in the file that has it.
    let found = source::references(&source_files());
    assert!(found["home/views.rs"].contains("web/pages/page.rs"), "{:?}", found["home/views.rs"]);
}

/// Bookmarks are the example of a feature with a model. The sample of development writes some of each feature's rows, a
/// feature may have a command, and bookmarks are the sources of polls.
fn a_feature_is_named_by_the_list_of_features_only() {
    let references = references(&source_files());
    let outside = references.iter().filter(|(file, _)| !file.starts_with("bookmark/"));
    let naming: Vec<_> = outside
        .filter(|(_, others)| others.iter().any(|other| other.starts_with("bookmark/")))
        .map(|(file, _)| file.as_str())
        .collect();
    let expected = [
        "app/features.rs",
        "cli/bookmark/checks.rs",
        "cli/bookmark/files.rs",
        "cli/bookmark/listing.rs",
        "cli/bookmark/mod.rs",
        "cli/bookmark/pages.rs",
        "cli/bookmark/writing.rs",
        "polls/sources.rs",
        "sample.rs",
    ];
    assert_eq!(naming, expected);
}

/// Names of the language's and the libraries' own conventions, which several files may use.
const SHARED_TYPE_NAMES: &[&str] = &[];

fn a_type_name_means_one_thing() {
    let types = names::types(&source_files());
    let wrong: Vec<_> = types
        .iter()
        .filter(|(name, places)| places.len() > 1 && !SHARED_TYPE_NAMES.contains(&name.as_str()))
        .map(|(name, places)| format!("{name}: {}", places.join(", ")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn addresses_stand_in_paths_only() {
    const BEGINNINGS: [&str; 8] =
        ["/accounts/", "/admin/", "/api/", "/bookmark/", "/healthz", "/i18n/", "/polls/", "/readyz"];
    let is_address = |text: &str| BEGINNINGS.iter().any(|beginning| text.starts_with(beginning));
    let mut wrong = Vec::new();
    for file in source_files().iter().filter(|file| !file.path.ends_with("paths.rs")) {
        let addresses = names::texts(file).into_iter().filter(|text| is_address(text));
        wrong.extend(addresses.map(|address| format!("src/{}: {address}", file.path)));
    }
    for (template, text) in templates() {
        let addresses = text.match_indices('"').filter(|(at, _)| is_address(&text[at + 1..]));
        wrong.extend(
            addresses.map(|(at, _)| format!("{template}: {}", text[at + 1..].split('"').next().unwrap_or_default())),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The site's templates, by their paths.
fn templates() -> Vec<(String, String)> {
    let (mut found, mut folders) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "html") {
                let text = fs::read_to_string(&path).expect("a template");
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}
