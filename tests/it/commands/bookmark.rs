//! `polls bookmark`.

use std::fmt::Write as _;
use std::fs;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(what_is_exported_is_imported_the_same),
        on_sqlite(duplicates_are_merged_and_named),
        on_sqlite(what_is_no_bookmark_is_refused_by_its_line),
        on_every_database(a_bookmark_is_edited_by_the_admins_rules),
        on_sqlite(many_bookmarks_are_imported),
    ]
}

fn data(name: &str) -> String {
    format!("{}/tests/data/bookmarks/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn what_is_exported_is_imported_the_same(setup: Setup) {
    let said = setup.run(&["bookmark", "import", &data("delicious.htm")]).expect(0);
    assert!(said.stdout.starts_with("Added 5 bookmarks."), "{said:?}");
    setup.run(&["bookmark", "import", &data("netscape_multiline.htm"), "--private"]).expect(0);
    let exported = setup.run(&["bookmark", "export"]).expect(0).stdout;
    let path = setup.path("export.html");
    fs::write(&path, &exported).expect("a file");
    setup.execute("DELETE FROM bookmark_bookmark");
    setup.run(&["bookmark", "import", path.to_str().expect("a path")]).expect(0);
    assert_eq!(setup.run(&["bookmark", "export"]).expect(0).stdout, exported);
    assert_eq!(setup.count("bookmark_bookmark WHERE is_private"), 4);
    let again = setup.run(&["bookmark", "import", path.to_str().expect("a path")]).expect(0);
    assert!(again.stdout.contains("0 got something new and 8 did not. Refused: 0."), "{again:?}");
    let json = setup.run(&["bookmark", "export", "--format", "json"]).expect(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((json[0]["tags"][0].as_str(), json.as_array().map(Vec::len)), (Some("bookmark"), Some(8)));
    let csv = setup.run(&["bookmark", "export", "--format", "csv"]).expect(0).stdout;
    assert!(
        csv.starts_with("url,title,description,tags,private,unread,archived,notes,added_at,changed_at,folder\n"),
        "{csv}"
    );
}

fn duplicates_are_merged_and_named(setup: Setup) {
    setup.run(&["bookmark", "add", "example.com/a", "--tags", "One", "--no-fetch"]).expect(0);
    let path = setup.path("file.html");
    let file = "<DL><p>\n<DT><H3>Folder</H3><DL><p>\n<DT><A HREF=\"http://EXAMPLE.com/a/\" TAGS=\"one,two\">Title</A>\n\
        <DD>Text\n<DT><A HREF=\"https://new.example/\">New</A>\n<DT><A HREF=\"https://new.example\">Newer</A>\n</DL></DL>";
    fs::write(&path, file).expect("a file");
    let path = path.to_str().expect("a path");
    let dry = setup.run(&["bookmark", "import", path, "--dry-run"]).expect(0);
    assert!(dry.stdout.starts_with("Would add 1 bookmarks."), "{dry:?}");
    assert_eq!(setup.count("bookmark_bookmark"), 1);
    let said = setup.run(&["bookmark", "import", path]).expect(0);
    assert!(
        said.stderr.contains("line 3: is bookmark 1 already, which gets: title, description, folder, tags"),
        "{said:?}"
    );
    assert!(said.stderr.contains("line 6: is bookmark 2 already\n"), "{said:?}");
    let shown = setup.run(&["bookmark", "show", "1"]).expect(0).stdout;
    assert!(shown.contains("Title") && shown.contains("Folder, One, two") && shown.contains("  Text"), "{shown}");
    assert_eq!(setup.count("bookmark_bookmark"), 2);
    let twice = setup.run(&["bookmark", "add", "https://example.com/a/"]).expect(1);
    assert!(twice.stderr.contains("bookmark 1 has this address"), "{twice:?}");
}

fn what_is_no_bookmark_is_refused_by_its_line(setup: Setup) {
    let mut file = "<A HREF=\"javascript:alert(1)\">x</A>\n<A HREF=\"data:text/html,x\">x</A>\n".to_owned();
    let _ = writeln!(file, "<A HREF=\"https://example.com/{}\">x</A>", "x".repeat(200));
    let _ =
        writeln!(file, "<A HREF=\"https://ok.example/\0\u{1b}\" TAGS=\"{},ok\">a\0\u{1b}[31mb</A>", "t".repeat(10_000));
    file.push_str("<A HREF=\"https://broken.example/>\n<DT><A HREF=\"https://last.example/\">Last");
    let path = setup.path("file.html");
    fs::write(&path, file).expect("a file");
    let said = setup.run(&["bookmark", "import", path.to_str().expect("a path")]).expect(3);
    for (line, reason) in [(1, "not a web address"), (2, "not a web"), (3, "longer than 200"), (5, "not closed")] {
        assert!(said.stderr.contains(&format!("line {line}: refused: ")) && said.stderr.contains(reason), "{said:?}");
    }
    assert!(said.stderr.contains("line 4: left out: tags that are too long"), "{said:?}");
    assert!(said.stdout.starts_with("Added 2 bookmarks.") && said.stdout.contains("Refused: 4."), "{said:?}");
    let listed = setup.run(&["bookmark", "list", "ok"]).expect(0).stdout;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(listed.contains("https://ok.example/\ta[31mb\t"), "{listed}");
    fs::write(&path, [0xff, 0xfe, b'<', 0]).expect("a file");
    setup.run(&["bookmark", "import", path.to_str().expect("a path")]).expect(1);
}

fn a_bookmark_is_edited_by_the_admins_rules(app: &TestApp) {
    let ada = app.administrator("ada");
    let run = |arguments: &[&str]| app.run(&[&["bookmark"], arguments].concat());
    run(&["add", "naver.com/x", "--title", "네이버", "--tags", "검색 포털", "--user", "ada"]).expect(0);
    run(&["add", "javascript:alert(1)", "--force", "--no-fetch"]).expect(1);
    run(&["add", "https://x.example/", "--user", "nobody", "--no-fetch"]).expect(1);
    run(&["edit", "1", "--private", "--description", "첫째\n둘째", "--user", "ada"]).expect(0);
    run(&["edit", "2", "--title", "x"]).expect(1);
    let refused = run(&["edit", "1", "--title", &"가".repeat(101)]).expect(1);
    assert!(refused.stderr.contains("title: ") && refused.stderr.contains("100"), "{refused:?}");
    assert_eq!(run(&["list", "#포털"]).expect(0).stdout, "1\thttps://naver.com/x\t네이버\t#검색 #포털\n");
    app.get("/bookmark/1/").expect(404);
    let history = ada.get("/admin/bookmark/bookmark/1/history/").expect(200).html();
    assert_eq!(history.count("#change-history tbody tr"), 2);
    let deleted = run(&["delete", "1", "--user", "ada"]).expect(0);
    assert_eq!(deleted.stdout, "Deleted bookmark 1: 네이버\n");
    assert_eq!((app.count("bookmark_bookmark"), app.count("django_admin_log")), (0, 3));
}

/// Through the writing of several parts.
fn many_bookmarks_are_imported(setup: Setup) {
    let mut file = String::from("<DL><p>\n");
    for number in 0..6000 {
        let date = 1_400_000_000 + (number * 7919) % 6000;
        let _ = writeln!(
            file,
            "<DT><A HREF=\"https://example.com/{number}\" ADD_DATE=\"{date}\" TAGS=\"t{}\">n</A>",
            number % 10
        );
    }
    let path = setup.path("file.html");
    fs::write(&path, file).expect("a file");
    let said = setup.run(&["bookmark", "import", path.to_str().expect("a path")]).expect(0);
    assert!(said.stdout.starts_with("Added 6000 bookmarks."), "{said:?}");
    assert_eq!((setup.count("bookmark_tagging"), setup.count("bookmark_tag")), (6000, 10));
    // In the order of their dates, as far as a part reaches.
    let wrong =
        setup.count("bookmark_bookmark a JOIN bookmark_bookmark b ON b.id = a.id + 1 WHERE b.added_at < a.added_at");
    assert!(wrong <= 1, "{wrong}");
}
