//! Adding, changing and deleting bookmarks.

use serde_json::json;

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(what_is_given_is_changed_and_the_rest_stays),
        on_every_database(an_address_that_is_there_is_changed_and_not_added),
        on_every_database(two_spellings_at_the_same_time_make_one_bookmark),
        on_every_database(a_change_is_in_the_history_and_is_undone),
        on_sqlite(a_new_bookmark_is_private_unless_it_is_shared),
        on_sqlite(a_page_is_asked_for_its_title_later),
        on_sqlite(an_address_is_checked_in_every_spelling),
        on_sqlite(another_bookmarks_address_is_refused),
        on_sqlite(notes_and_the_archive_are_kept_by_the_admin_and_by_files),
        on_sqlite(a_profile_and_a_version_are_there_for_clients),
    ]
}

fn what_is_given_is_changed_and_the_rest_stays(app: &TestApp) {
    let program = Program::of_administrator(app);
    let body =
        json!({"url": "https://one.example/", "title": "One", "description": "Text", "notes": "N", "tag_names": ["a"]});
    let made = program.send("POST", BOOKMARKS, &body).expect(201).json();
    let path = "/api/bookmarks/1/";
    assert_eq!(program.send("PATCH", path, &json!({})).expect(200).json(), made);
    let changed = program.send("PATCH", path, &json!({"title": "Two", "unknown": [1]})).expect(200).json();
    assert_eq!(
        (&changed["title"], &changed["description"], &changed["notes"]),
        (&json!("Two"), &json!("Text"), &json!("N"))
    );
    assert_ne!(changed["date_modified"], made["date_modified"]);
    let changed = program.send("PATCH", path, &json!({"tag_names": ["b", "c d"], "shared": true})).expect(200).json();
    assert_eq!((&changed["tag_names"], &changed["shared"]), (&json!(["b", "c-d"]), &json!(true)));
    let changed = program.send("PATCH", path, &json!({"tag_names": [], "description": ""})).expect(200).json();
    assert_eq!((&changed["tag_names"], &changed["description"]), (&json!([]), &json!("")));
    let put = program.send("PUT", path, &json!({"url": "https://two.example/", "unread": true})).expect(200).json();
    assert_eq!(
        (&put["url"], &put["title"], &put["unread"]),
        (&json!("https://two.example/"), &json!("Two"), &json!(true))
    );
    let refused = problem(program.send("PUT", path, &json!({"title": "x"})), 400);
    assert!(refused["errors"]["url"][0].as_str().is_some());
    program.ask("DELETE", path).expect(204);
    for (method, path) in [("DELETE", path), ("GET", path), ("POST", "/api/bookmarks/1/archive/")] {
        problem(program.ask(method, path), 404);
    }
    problem(program.send("PATCH", path, &json!({"title": "x"})), 404);
}

fn an_address_that_is_there_is_changed_and_not_added(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.add("https://example.com/a");
    let again = json!({"url": "HTTP://EXAMPLE.com:80/a/?utm_source=x", "title": "Other", "tag_names": ["t"]});
    let changed = program.send("POST", BOOKMARKS, &again).expect(201).json();
    assert_eq!(
        (&changed["id"], &changed["url"], &changed["title"]),
        (&json!(1), &json!("https://example.com/a"), &json!("Other"))
    );
    // What is not said stays: it is still shared.
    assert_eq!((&changed["shared"], app.count("bookmark_bookmark")), (&json!(true), 1));
}

fn two_spellings_at_the_same_time_make_one_bookmark(app: &TestApp) {
    let program = Program::of_administrator(app);
    for round in 0..4 {
        let spellings =
            ["https://example.com/", "http://www.example.com/", "https://EXAMPLE.com/", "http://example.com:80/"];
        std::thread::scope(|scope| {
            let send = |spelling: &'static str| {
                let url = format!("{spelling}{round}").replace("www.", "");
                let program = &program;
                scope.spawn(move || program.send("POST", BOOKMARKS, &json!({"url": url, "title": spelling})).status)
            };
            let threads = spellings.map(send);
            let statuses = threads.map(|thread| thread.join().expect("an answer"));
            assert_eq!(statuses, [201; 4]);
        });
        assert_eq!(app.count("bookmark_bookmark"), round + 1);
    }
}

fn a_change_is_in_the_history_and_is_undone(app: &TestApp) {
    let program = Program::of_administrator(app);
    let root = app.logged_in("root");
    program.add("https://one.example/");
    program.send("PATCH", "/api/bookmarks/1/", &json!({"title": "Two", "notes": "N", "is_archived": true})).expect(200);
    let history = "/admin/bookmark/bookmark/1/history/";
    let page = root.get(history).expect(200).html();
    assert_eq!(page.texts("#change-history bdi")[0], "root");
    assert_eq!(page.count("#change-history tbody tr"), 2);
    assert_eq!(page.texts("#change-history tr:first-child dt"), ["Title", "Archived", "Notes"]);
    let undo = page.attribute("#change-history form", "action").expect("a button");
    root.post(&undo, &[]).expect(303);
    let one = program.get("/api/bookmarks/1/");
    assert_eq!(
        (&one["title"], &one["notes"], &one["is_archived"]),
        (&json!("https://one.example/"), &json!(""), &json!(false))
    );
    program.send("PATCH", "/api/bookmarks/1/", &json!({"notes": "N", "is_archived": true})).expect(200);
    let before = program.get("/api/bookmarks/1/");
    program.ask("DELETE", "/api/bookmarks/1/").expect(204);
    let undo = root.get(history).expect(404).html().attribute("#change-history form", "action").expect("a button");
    root.post(&undo, &[]).expect(303);
    assert_eq!(program.get("/api/bookmarks/1/"), before);
    assert!(app.log.wait_for("root deleted").contains("bookmark.bookmark"));
}

fn a_new_bookmark_is_private_unless_it_is_shared(app: &TestApp) {
    let program = Program::of_administrator(app);
    for (shared, private) in [(json!({}), true), (json!({"shared": false}), true), (json!({"shared": true}), false)] {
        let mut body = json!({"url": format!("https://example.com/{}", app.count("bookmark_bookmark"))});
        body.as_object_mut().expect("an object").extend(shared.as_object().expect("an object").clone());
        let made = program.send("POST", BOOKMARKS, &body).expect(201).json();
        assert_eq!(made["shared"], !private);
        let page = app.get(&format!("/bookmark/{}/", made["id"])).send();
        assert_eq!(page.status, if private { 404 } else { 200 });
    }
}

fn a_page_is_asked_for_its_title_later(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.send("POST", BOOKMARKS, &json!({"url": "https://one.example/"})).expect(201);
    assert_eq!(app.count("outbound_task WHERE kind = 'title' AND object_id = 1"), 1);
    program.send("POST", BOOKMARKS, &json!({"url": "https://two.example/", "title": "Two"})).expect(201);
    program.send("POST", "/api/bookmarks/?disable_scraping", &json!({"url": "https://three.example/"})).expect(201);
    assert_eq!(app.count("outbound_task"), 1);
}

fn an_address_is_checked_in_every_spelling(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.add("https://example.com/a");
    let check = |url: &str| {
        let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("url", url).finish();
        program.get(&format!("/api/bookmarks/check/?{query}"))
    };
    let known = check("http://EXAMPLE.com/a/#:~:text=x");
    assert_eq!((&known["bookmark"]["id"], &known["auto_tags"]), (&json!(1), &json!([])));
    assert_eq!(known["metadata"]["url"], "http://EXAMPLE.com/a/#:~:text=x");
    for url in ["https://example.com/b", "javascript:alert(1)", "x\0y", "https://\0/", "%"] {
        assert!(check(url)["bookmark"].is_null(), "{url}");
    }
    for path in ["/api/bookmarks/check/", "/api/bookmarks/check/?url="] {
        assert!(problem(program.ask("GET", path), 400)["errors"]["url"][0].as_str().is_some());
    }
}

fn another_bookmarks_address_is_refused(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.add("https://one.example/");
    program.add("https://two.example/");
    for url in ["https://one.example/", "http://one.example"] {
        for method in ["PUT", "PATCH"] {
            let refused = problem(program.send(method, "/api/bookmarks/2/", &json!({"url": url})), 400);
            assert_eq!(refused["errors"]["url"], json!(["Bookmark with this URL already exists."]));
        }
    }
    // Its own may change its spelling.
    let changed = program.send("PATCH", "/api/bookmarks/2/", &json!({"url": "http://two.example"})).expect(200).json();
    assert_eq!(changed["url"], "http://two.example");
}

fn notes_and_the_archive_are_kept_by_the_admin_and_by_files(app: &TestApp) {
    let ada = app.administrator("ada");
    let add = "/admin/bookmark/bookmark/add/";
    ada.post(add, &[("url", "https://one.example/"), ("title", "One"), ("notes", "two\nlines"), ("is_archived", "on")])
        .expect(303);
    ada.post(add, &[("url", "https://two.example/"), ("title", "Two")]).expect(303);
    let list = |query: &str| ada.get(&format!("/admin/bookmark/bookmark/?{query}")).expect(200).html();
    let count = |query: &str| list(query).count("#result_list tbody tr");
    assert_eq!(
        (count(""), count("is_archived__exact=1"), count("is_archived__exact=0"), count("q=lines")),
        (2, 1, 1, 1)
    );
    assert_eq!(ada.get("/admin/bookmark/bookmark/1/change/").expect(200).html().text("#id_notes"), "two lines");
    let chosen = [("action", "archive"), ("_selected_action", "2")];
    ada.post("/admin/bookmark/bookmark/", &chosen).expect(303);
    assert_eq!(count("is_archived__exact=1"), 2);
    for format in ["json", "csv", "netscape"] {
        let path = app.path("export");
        std::fs::write(&path, app.run(&["bookmark", "export", "--format", format]).expect(0).stdout).expect("a file");
        app.execute("DELETE FROM bookmark_bookmark");
        app.run(&["bookmark", "import", path.to_str().expect("a path")]).expect(0);
        assert_eq!(app.count("bookmark_bookmark WHERE is_archived AND notes LIKE 'two%lines'"), 1, "{format}");
    }
    assert_eq!(app.run(&["bookmark", "list"]).expect(0).stdout, "");
    assert_eq!(app.run(&["bookmark", "list", "--archived"]).expect(0).stdout.lines().count(), 2);
    let id = app.run(&["bookmark", "list", "--archived", "one"]).expect(0).stdout;
    let id = id.split('\t').next().expect("a number");
    app.run(&["bookmark", "edit", id, "--unarchived", "--notes", "other"]).expect(0);
    assert_eq!(app.count("bookmark_bookmark WHERE NOT is_archived AND notes = 'other'"), 1);
}

fn a_profile_and_a_version_are_there_for_clients(app: &TestApp) {
    let program = Program::of_administrator(app);
    let profile = program.get("/api/user/profile/");
    assert_eq!((&profile["theme"], &profile["search_preferences"]["sort"]), (&json!("auto"), &json!("added_desc")));
    assert_eq!(app.get("/health").expect(200).json()["status"], "healthy");
}
