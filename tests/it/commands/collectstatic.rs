//! `polls collectstatic`: the files for the web server in front.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_files_are_those_that_pages_name),
        on_sqlite(packed_copies_are_smaller_and_lie_beside),
        on_sqlite(a_second_time_nothing_is_written),
        on_sqlite(the_setting_names_the_directory_unless_the_command_does),
    ]
}

/// The files below a directory, by their paths in it.
fn files(directory: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut directories = vec![directory.to_path_buf()];
    while let Some(next) = directories.pop() {
        for entry in fs::read_dir(next).expect("a directory").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                directories.push(entry);
            } else {
                found.insert(entry.strip_prefix(directory).expect("it lies in it").to_string_lossy().into_owned());
            }
        }
    }
    found
}

fn the_files_are_those_that_pages_name(setup: Setup) {
    setup.run(&["collectstatic", "out"]).expect(0);
    let app = setup.start();
    let page = app.get("/").expect(200).html();
    let named = page.attributes("link[href]", "href").into_iter().chain(page.attributes("[src]", "src"));
    for address in named {
        let name = address.strip_prefix("/static/").expect("a static file");
        let collected = fs::read(app.path("out").join(name)).expect("it was collected");
        assert!(collected == app.get(&address).expect(200).body, "{name}");
    }
}

fn packed_copies_are_smaller_and_lie_beside(setup: Setup) {
    setup.run(&["collectstatic", "out"]).expect(0);
    let out = setup.path("out");
    let suffix = ".gz";
    let length = |name: &str| fs::metadata(out.join(name)).expect("a file").len();
    let packed: Vec<_> = files(&out).into_iter().filter(|name| name.ends_with(suffix)).collect();
    assert!(packed.iter().any(|name| name.contains(".css.")), "{packed:?}");
    for name in packed {
        assert!(length(&name) < length(&name[..name.len() - suffix.len()]), "{name}");
    }
}

fn a_second_time_nothing_is_written(setup: Setup) {
    setup.run(&["collectstatic", "out"]).expect(0);
    let first = files(&setup.path("out"));
    let said = setup.run(&["collectstatic", "out"]).expect(0).stdout;
    assert!(said.starts_with("0 static files written to out"), "{said}");
    assert_eq!(files(&setup.path("out")), first);
}

fn the_setting_names_the_directory_unless_the_command_does(setup: Setup) {
    let said = setup.run(&["collectstatic"]).expect(1).stderr;
    assert!(said.contains("static_root"), "{said}");
    let setup = setup.settings("static_root = \"collected\"");
    setup.run(&["collectstatic"]).expect(0);
    setup.run(&["collectstatic", "elsewhere"]).expect(0);
    assert_eq!(files(&setup.path("collected")), files(&setup.path("elsewhere")));
}
