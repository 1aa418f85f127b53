//! The texts of both languages: the same messages with the same variables, each of them used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;
use polls::app::features;
use polls::web::pages::i18n::{Catalogue, Language, Locale};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_catalogue_parses),
        on_sqlite(a_message_stands_where_it_is_looked_for_and_refers_to_its_neighbours),
        on_sqlite(both_languages_have_the_same_messages_with_the_same_variables),
        on_sqlite(a_message_is_defined_once),
        on_sqlite(every_message_that_a_template_names_is_there),
        on_sqlite(every_message_is_used),
        on_sqlite(no_isolation_marks_reach_a_page),
        on_sqlite(templates_hold_no_words),
    ]
}

fn locales() -> Vec<Locale> {
    features::installed().locales
}

/// The messages of a catalogue and the variables in each.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
            name.clone_into(&mut current);
            assert!(messages.insert(current.clone(), BTreeSet::new()).is_none(), "{name} is defined twice");
        }
        let variables = line.match_indices('$').map(|(at, _)| {
            line[at + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
        });
        messages.entry(current.clone()).or_default().extend(variables);
    }
    messages.remove("");
    messages
}

fn all_messages() -> BTreeSet<String> {
    locales().iter().flat_map(|locale| messages(locale.en).into_keys()).collect()
}

fn every_catalogue_parses() {
    for locale in locales() {
        for source in [locale.en, locale.ko] {
            let parsed = FluentResource::try_new(source.to_owned());
            assert!(parsed.is_ok(), "{}: {:?}", locale.prefix, parsed.err().map(|(_, faults)| faults));
        }
    }
}

/// Each feature's catalogue is looked into alone, and for the names that begin as its own do.
fn a_message_stands_where_it_is_looked_for_and_refers_to_its_neighbours() {
    let catalogue = Catalogue::new(&locales());
    for locale in locales() {
        for (language, source) in [(Language::English, locale.en), (Language::Korean, locale.ko)] {
            let messages = messages(source);
            for id in messages.keys() {
                assert_ne!(catalogue.text(language, id, None), *id, "{id} is looked for elsewhere");
            }
            for reference in source.split("{ ").skip(1).filter_map(|text| text.split(" }").next()) {
                let is_message = reference.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                assert!(!is_message || messages.contains_key(reference), "{reference} is not beside what refers to it");
            }
        }
    }
}

fn both_languages_have_the_same_messages_with_the_same_variables() {
    for locale in locales() {
        assert_eq!(messages(locale.en), messages(locale.ko));
    }
}

fn a_message_is_defined_once() {
    let count: usize = locales().iter().map(|locale| messages(locale.en).len()).sum();
    assert_eq!(count, all_messages().len());
}

/// The texts of all files below a directory of the project with one of these endings.
fn texts(directory: &str, endings: &[&str]) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(directory);
    let (mut found, mut directories) = (Vec::new(), vec![root]);
    while let Some(directory) = directories.pop() {
        for path in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                directories.push(path);
            } else if endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
                found.push((path.display().to_string(), fs::read_to_string(&path).expect("a text")));
            }
        }
    }
    found
}

fn every_message_that_a_template_names_is_there() {
    let known = all_messages();
    for (path, text) in texts("templates", &[".html"]) {
        for filter in ["\"|t ", "\"|t}", "\"|t_with(", "\"|t_count(", "\"|t)"] {
            for (at, _) in text.match_indices(filter) {
                let name = text[..at].rsplit('"').next().unwrap_or_default();
                assert!(known.contains(name), "{path} names {name}");
            }
        }
    }
}

fn every_message_is_used() {
    let sources: String = texts("templates", &[".html"])
        .into_iter()
        .chain(texts("src", &[".rs", ".ftl"]))
        .map(|(_, text)| text)
        .collect();
    // The messages of errors are named by their status, or as `web::error` groups what has a pair of its own.
    let by_status = |name: &str| {
        name.strip_prefix("error-").is_some_and(|rest| {
            let group = rest.split('-').next().unwrap_or_default();
            group.bytes().all(|byte| byte.is_ascii_digit()) || sources.contains(&format!("=> \"{group}\""))
        })
    };
    let unused: Vec<_> = all_messages()
        .into_iter()
        .filter(|name| {
            !by_status(name)
                && ![format!("\"{name}\""), format!("{{ {name} }}")].iter().any(|use_of| sources.contains(use_of))
        })
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
}

fn no_isolation_marks_reach_a_page(app: &TestApp) {
    let poll = app.poll();
    for language in ["en", "ko"] {
        for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/nothing/"] {
            let text = app.get(path).header("Accept-Language", language).send().text();
            assert!(!text.contains(['\u{2068}', '\u{2069}']), "{language} {path}");
        }
    }
}

/// Between tags, templates have marks of punctuation at most.
fn templates_hold_no_words() {
    for (path, text) in texts("templates", &[".html"]) {
        let mut plain = text;
        for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<", ">")] {
            while let Some(start) = plain.find(open) {
                let end = plain[start..].find(close).map_or(plain.len(), |end| start + end + close.len());
                plain.replace_range(start..end, "");
            }
        }
        let word = plain.split_whitespace().find(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
        assert_eq!(word, None, "{path}");
    }
}
