//! `polls bookmark export` and `import`: CSV and JSON come back as they went, on every database.

use std::fs;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(csv_and_json_come_back_as_they_went),
        on_every_database(folders_come_back_as_folders),
        on_sqlite(what_cannot_be_read_is_named_by_its_line),
    ]
}

fn csv_and_json_come_back_as_they_went(app: &TestApp) {
    app.administrator("ada");
    let add = |arguments: &[&str]| {
        let mut arguments = arguments.to_vec();
        arguments.splice(0..0, ["bookmark", "add"]);
        app.run(&arguments).expect(0);
    };
    add(&["https://example.org/1", "--title", "One, \"1\"", "--tags", "rust, 한국어", "--private", "--folder", "가/b"]);
    add(&["https://example.org/2", "--title", "둘", "--description", "two; <b>\nlines</b>", "--unread"]);
    for format in ["csv", "json"] {
        let file = format!("bookmarks.{format}");
        app.run(&["bookmark", "export", &file, "--format", format]).expect(0);
        let written = fs::read_to_string(app.path(&file)).expect("a file");
        app.execute("DELETE FROM bookmark_bookmark");
        let said = app.run(&["bookmark", "import", &file]).expect(0).stdout;
        assert!(said.starts_with("Added 2 bookmarks."), "{said}");
        assert_eq!(app.run(&["bookmark", "export", "--format", format]).expect(0).stdout, written);
        let again = app.run(&["bookmark", "import", &file, "--format", format]).expect(0).stdout;
        assert!(again.contains("Added 0 bookmarks.") && again.contains("0 got something new and 2 did not"), "{again}");
    }
}

fn folders_come_back_as_folders(app: &TestApp) {
    let sample = |name: &str| format!("{}/tests/data/bookmarks/{name}", env!("CARGO_MANIFEST_DIR"));
    // It has addresses of the browser itself, too, which are refused.
    app.run(&["bookmark", "import", &sample("firefox_nested.htm")]).expect(3);
    let export = || app.run(&["bookmark", "export"]).expect(0).stdout;
    let first = export();
    // The same file makes the same bookmarks in the same folders, and nothing is lost on the way.
    fs::write(app.path("bookmarks.html"), &first).expect("a file");
    app.execute("DELETE FROM bookmark_bookmark");
    app.run(&["bookmark", "import", "bookmarks.html"]).expect(0);
    assert_eq!(export(), first);
    let of_sample = fs::read_to_string(sample("firefox_nested.htm")).expect("a file");
    let headings = |file: &str| file.matches("<H3").count();
    assert!(headings(&first) >= 5 && headings(&first) <= headings(&of_sample), "{first}");
    let outline: Vec<_> =
        first.lines().map(str::trim).filter(|line| line.contains("H3>") || line.contains("DL>")).collect();
    let dev = outline.iter().position(|line| *line == "<DT><H3>Dev</H3>").expect("the folder");
    let within = ["<DT><H3>Dev</H3>", "<DL><p>", "<DT><H3>PHP</H3>", "<DL><p>", "</DL><p>", "</DL><p>"];
    assert_eq!(outline[dev..dev + within.len()], within);
    // Names with slashes, folders that begin alike, and a change by the admin.
    app.execute("DELETE FROM bookmark_bookmark");
    let ada = app.administrator("ada");
    for (at, folder) in [r"A/B\/C", "A", "A B", "A/D", ""].iter().enumerate() {
        let url = format!("https://example.org/{at}");
        ada.submit("/admin/bookmark/bookmark/add/", &[("url", &*url), ("title", "<T>"), ("folder", folder)])
            .expect(303);
    }
    let written = export();
    let names: Vec<_> = written.lines().filter_map(|line| line.split_once("<H3>")).map(|(_, name)| name).collect();
    assert_eq!(names, ["A</H3>", "B/C</H3>", "D</H3>", "A B</H3>"]);
    assert_eq!(written.matches("<DL><p>").count(), written.matches("</DL><p>").count());
}

fn what_cannot_be_read_is_named_by_its_line(app: &TestApp) {
    let file = "url,title\nhttps://example.org/,Good\nftp://example.org/,Other\n,None\nexample.org/2,Bare\n";
    fs::write(app.path("some.csv"), file).expect("a file can be written");
    let told = app.run(&["bookmark", "import", "some.csv"]).expect(3);
    assert!(told.stdout.starts_with("Added 2 bookmarks."), "{}", told.stdout);
    assert!(told.stderr.contains("line 3: refused") && told.stderr.contains("line 4: refused"), "{}", told.stderr);
    fs::write(app.path("broken.json"), "[{\"url\": \"https://example.org/3\"}, ").expect("a file can be written");
    let refused = app.run(&["bookmark", "import", "broken.json"]).expect(1).stderr;
    assert!(refused.contains("cannot be read"), "{refused}");
    assert_eq!(app.count("bookmark_bookmark"), 2);
}
