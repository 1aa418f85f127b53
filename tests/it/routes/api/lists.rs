//! `GET /api/bookmarks/` and `/api/bookmarks/archived/`.

use serde_json::json;

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_bookmark_has_the_members_of_linkding),
        on_every_database(a_list_is_read_in_parts),
        on_every_database(a_search_is_that_of_the_page),
        on_every_database(what_is_archived_leaves_the_public_pages),
        on_every_database(a_list_is_narrowed_by_time),
    ]
}

fn a_bookmark_has_the_members_of_linkding(app: &TestApp) {
    let program = Program::of_administrator(app);
    let body = json!({"url": "https://www.rust-lang.org/", "title": "Rust", "description": "A language", "notes": "*fast*",
        "unread": true, "shared": true, "is_archived": false, "tag_names": ["lang", "Machine Learning"]});
    let made = program.send("POST", BOOKMARKS, &body).expect(201).json();
    let list = program.get(BOOKMARKS);
    assert_eq!((&list["count"], &list["next"], &list["previous"]), (&json!(1), &json!(null), &json!(null)));
    assert_eq!(list["results"][0], made);
    let names: Vec<_> = made.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut expected = [
        "id",
        "url",
        "title",
        "description",
        "notes",
        "web_archive_snapshot_url",
        "favicon_url",
        "preview_image_url",
        "is_archived",
        "unread",
        "shared",
        "tag_names",
        "date_added",
        "date_modified",
        "website_title",
        "website_description",
    ];
    expected.sort_unstable();
    let mut found = names;
    found.sort_unstable();
    assert_eq!(found, expected);
    for (name, value) in body.as_object().expect("an object").iter().filter(|(name, _)| *name != "tag_names") {
        assert_eq!(&made[name], value, "{name}");
    }
    assert_eq!(made["tag_names"], json!(["lang", "Machine-Learning"]));
    let added = made["date_added"].as_str().expect("a time");
    assert!(added.len() == 27 && added.ends_with('Z') && made["date_modified"] == made["date_added"], "{made}");
    let archived = made["web_archive_snapshot_url"].as_str().expect("an address");
    assert!(archived.starts_with("https://web.archive.org/web/2") && archived.ends_with("/https://www.rust-lang.org/"));
    // Of what Django has added the time is unknown.
    app.execute("UPDATE bookmark_bookmark SET added_at = NULL");
    assert_eq!(program.get("/api/bookmarks/1/")["date_added"], "1970-01-01T00:00:00.000000Z");
}

fn a_list_is_read_in_parts(app: &TestApp) {
    let program = Program::of_administrator(app);
    for number in 1..=5 {
        program.add(&format!("https://example.com/{number}"));
    }
    let first = program.get("/api/bookmarks/?limit=2&q=example");
    assert_eq!((&first["count"], &first["previous"]), (&json!(5), &json!(null)));
    let path = |link: &serde_json::Value| {
        let link = link.as_str().expect("a link").to_owned();
        let origin = format!("http://{}", app.tcp());
        link.strip_prefix(&origin).unwrap_or_else(|| panic!("{link} is not of {origin}")).to_owned()
    };
    assert_eq!(path(&first["next"]), "/api/bookmarks/?q=example&limit=2&offset=2");
    let second = program.get(&path(&first["next"]));
    assert_eq!(path(&second["previous"]), "/api/bookmarks/?q=example&limit=2");
    let third = program.get(&path(&second["next"]));
    assert_eq!((third["results"].as_array().map(Vec::len), &third["next"]), (Some(1), &json!(null)));
    assert_eq!(third["results"][0]["url"], "https://example.com/1");
    let beyond = program.get("/api/bookmarks/?offset=9223372036854775807");
    assert_eq!((beyond["count"].as_i64(), beyond["results"].as_array().map(Vec::len)), (Some(5), Some(0)));
    assert_eq!(program.urls("/api/bookmarks/?limit=9223372036854775807").len(), 5);
    for query in ["limit=0", "limit=-1", "limit=x", "limit=", "offset=-1", "offset=9223372036854775808", "limit=1.5"] {
        let refused = problem(program.ask("GET", &format!("{BOOKMARKS}?{query}")), 400);
        let name = query.split('=').next().expect("a name");
        assert!(refused["errors"][name][0].as_str().is_some(), "{query}: {refused}");
    }
}

fn a_search_is_that_of_the_page(app: &TestApp) {
    let program = Program::of_administrator(app);
    for (title, tag) in [("Rust", "lang"), ("한국어", "언어"), ("Other", "x")] {
        let body =
            json!({"url": format!("https://{tag}.example/"), "title": title, "tag_names": [tag], "shared": true});
        program.send("POST", BOOKMARKS, &body).expect(201);
    }
    for text in
        ["rust", "#lang", "-rust", "rust or 한국어", "tag:언어", "(((", "\"", "%", "\u{0}", "'; DROP TABLE x --"]
    {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
        let page = app.get(&format!("/bookmark/?{query}")).expect(200).html().texts("main li h2");
        let list = program.get(&format!("{BOOKMARKS}?{query}"));
        let titles: Vec<_> =
            list["results"].as_array().expect("a list").iter().map(|row| row["title"].clone()).collect();
        assert_eq!(titles, page, "{text}");
    }
}

fn what_is_archived_leaves_the_public_pages(app: &TestApp) {
    let program = Program::of_administrator(app);
    let body = json!({"url": "https://away.example/", "title": "Away", "tag_names": ["away"], "shared": true});
    program.send("POST", BOOKMARKS, &body).expect(201);
    let pages = ["/", "/bookmark/", "/bookmark/?q=away", "/bookmark/feed/", "/bookmark/tags/"];
    let shown = || pages.map(|path| app.get(path).expect(200).text().to_lowercase().contains(">away"));
    assert_eq!(shown(), [true, true, true, true, true].map(|yes| yes));
    program.ask("POST", "/api/bookmarks/1/archive/").expect(204);
    let hidden = pages.map(|path| app.get(path).expect(200).text().contains("https://away.example/"));
    assert_eq!(hidden, [false; 5]);
    assert_eq!(app.get("/bookmark/tags/").expect(200).html().count(".cloud a"), 0);
    assert_eq!(program.get(BOOKMARKS)["count"], 0);
    assert_eq!(program.urls("/api/bookmarks/archived/"), ["https://away.example/"]);
    assert_eq!(program.get("/api/bookmarks/archived/?q=nothing")["count"], 0);
    // Archived once more, it is not changed.
    let before = program.get("/api/bookmarks/1/");
    program.ask("POST", "/api/bookmarks/1/archive/").expect(204);
    assert_eq!(program.get("/api/bookmarks/1/"), before);
    assert_eq!(app.count("django_admin_log"), 2);
    program.ask("POST", "/api/bookmarks/1/unarchive/").expect(204);
    assert_eq!(program.urls(BOOKMARKS), ["https://away.example/"]);
}

fn a_list_is_narrowed_by_time(app: &TestApp) {
    let program = Program::of_administrator(app);
    for name in ["old", "changed", "new"] {
        program.add(&format!("https://{name}.example/"));
    }
    app.execute("UPDATE bookmark_bookmark SET added_at = '2020-01-01 00:00:00' WHERE id < 3");
    app.execute("UPDATE bookmark_bookmark SET changed_at = '2026-01-01 00:00:00.500001' WHERE id = 2");
    let found = |query: &str| program.urls(&format!("{BOOKMARKS}?{query}"));
    assert_eq!(found("added_since=2021-01-01T00:00:00Z"), ["https://new.example/"]);
    assert_eq!(found("modified_since=2021-01-01T00:00:00Z"), ["https://new.example/", "https://changed.example/"]);
    assert_eq!(found("modified_since=2026-01-01T09:00:00%2B09:00").len(), 2);
    assert_eq!(found("added_since=2019-12-31T23:59:59Z").len(), 3);
    assert_eq!(found("added_since=2020-01-01T00:00:00Z").len(), 1);
    for (time, count) in
        [("0000-01-01T00:00:00Z", 3), ("9999-12-31T23:59:59.999999999-23:59", 0), ("2016-12-31T23:59:60Z", 3)]
    {
        assert_eq!(found(&format!("added_since={time}")).len(), count, "{time}");
    }
    for wrong in ["", "yesterday", "2021-01-01", "2021-13-01T00:00:00Z", "2021-01-01T00:00:00+00:00"] {
        let refused = problem(program.ask("GET", &format!("{BOOKMARKS}?modified_since={wrong}")), 400);
        assert!(refused["errors"]["modified_since"][0].as_str().is_some(), "{wrong}: {refused}");
    }
}
