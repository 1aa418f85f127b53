//! What a token may do: what its user may do, and nothing but reading with a token that may only read.

use serde_json::json;

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(private_bookmarks_and_notes_are_for_those_who_may_view),
        on_sqlite(each_permission_opens_its_own_methods),
        on_sqlite(a_token_that_may_only_read_changes_nothing),
        on_sqlite(what_is_private_is_not_told_by_an_addition),
    ]
}

fn private_bookmarks_and_notes_are_for_those_who_may_view(app: &TestApp) {
    let root = Program::of_administrator(app);
    app.user("bea").may("bookmark.view_bookmark").create();
    app.user("cy").create();
    let public = json!({"url": "https://open.example/", "title": "Open", "notes": "murmur", "shared": true, "tag_names": ["both"]});
    let private = json!({"url": "https://secret.example/", "title": "Secret", "tag_names": ["both", "hidden"]});
    let away = json!({"url": "https://away.example/", "title": "Away", "is_archived": true});
    for body in [&public, &private, &away] {
        root.send("POST", BOOKMARKS, body).expect(201);
    }
    let (bea, cy) = (Program::of(app, "bea", "read"), Program::of(app, "cy", "read"));
    assert_eq!(bea.urls(BOOKMARKS), ["https://secret.example/", "https://open.example/"]);
    assert_eq!(cy.urls(BOOKMARKS), ["https://open.example/"]);
    assert_eq!(bea.urls("/api/bookmarks/archived/"), ["https://away.example/"]);
    assert_eq!(cy.get("/api/bookmarks/archived/")["count"], 0);
    assert_eq!(bea.get("/api/bookmarks/1/")["notes"], "murmur");
    assert_eq!(cy.get("/api/bookmarks/1/")["notes"], "");
    assert_eq!(bea.get("/api/bookmarks/?q=murmur")["count"], 1);
    assert_eq!(cy.get("/api/bookmarks/?q=murmur")["count"], 0);
    assert_eq!(app.get("/bookmark/?q=murmur").expect(200).html().count("main li h2"), 0);
    assert!(!app.get("/bookmark/1/").expect(200).text().contains("murmur"));
    for path in ["/api/bookmarks/2/", "/api/bookmarks/3/", "/api/tags/2/"] {
        bea.get(path);
        problem(cy.ask("GET", path), 404);
    }
    let check = "/api/bookmarks/check/?url=https://secret.example/";
    assert_eq!(bea.get(check)["bookmark"]["title"], "Secret");
    assert!(cy.get(check)["bookmark"].is_null());
    assert_eq!(bea.get("/api/tags/")["count"], 2);
    let tags = cy.get("/api/tags/");
    assert_eq!((tags["count"].as_i64(), tags["results"][0]["name"].as_str()), (Some(1), Some("both")));
}

fn each_permission_opens_its_own_methods(app: &TestApp) {
    let root = Program::of_administrator(app);
    let (one, two) = (root.add("https://one.example/"), root.add("https://two.example/"));
    app.user("adder").may("bookmark.add_bookmark").create();
    app.user("changer").may("bookmark.change_bookmark").create();
    app.user("deleter").may("bookmark.delete_bookmark").create();
    let [adder, changer, deleter] = ["adder", "changer", "deleter"].map(|user| Program::of(app, user, "write"));
    let (path, body) = (format!("/api/bookmarks/{one}/"), json!({"title": "New"}));
    let new = |name: &str| json!({"url": format!("https://{name}.example/")});
    adder.send("POST", BOOKMARKS, &new("three")).expect(201);
    adder.send("POST", "/api/tags/", &json!({"name": "x"})).expect(201);
    changer.send("PATCH", &path, &body).expect(200);
    changer.ask("POST", &format!("{path}archive/")).expect(204);
    deleter.ask("DELETE", &format!("/api/bookmarks/{two}/")).expect(204);
    for program in [&changer, &deleter] {
        problem(program.send("POST", BOOKMARKS, &new("four")), 403);
        problem(program.send("POST", "/api/tags/", &json!({"name": "y"})), 403);
    }
    for program in [&adder, &deleter] {
        problem(program.send("PATCH", &path, &body), 403);
        problem(program.send("PUT", &path, &new("four")), 403);
        problem(program.ask("POST", &format!("{path}unarchive/")), 403);
    }
    for program in [&adder, &changer] {
        problem(program.ask("DELETE", &path), 403);
        problem(program.ask("DELETE", "/api/tags/1/"), 403);
    }
    // Who may not change finds that the address is there, and changes nothing.
    let refused = problem(adder.send("POST", BOOKMARKS, &json!({"url": "https://one.example", "title": "Mine"})), 400);
    assert!(refused["errors"]["url"][0].as_str().is_some(), "{refused}");
    assert_eq!(root.get(&path)["title"], "New");
}

fn a_token_that_may_only_read_changes_nothing(app: &TestApp) {
    let root = Program::of_administrator(app);
    let path = format!("/api/bookmarks/{}/", root.add("https://one.example/"));
    let reader = Program::of(app, "root", "read");
    let before = root.get(&path);
    let body = json!({"url": "https://two.example/"});
    for (method, path) in [("POST", BOOKMARKS), ("PUT", &*path), ("PATCH", &path), ("POST", "/api/tags/")] {
        assert!(
            problem(reader.send(method, path, &body), 403)["detail"].as_str().is_some_and(|text| text.contains("read"))
        );
    }
    for (method, path) in
        [("DELETE", path.clone()), ("POST", format!("{path}archive/")), ("DELETE", "/api/tags/1/".into())]
    {
        problem(reader.ask(method, &path), 403);
    }
    reader.ask("HEAD", BOOKMARKS).expect(200);
    assert_eq!((root.get(&path), app.count("bookmark_bookmark")), (before, 1));
}

fn what_is_private_is_not_told_by_an_addition(app: &TestApp) {
    let root = Program::of_administrator(app);
    root.send("POST", BOOKMARKS, &json!({"url": "https://secret.example/", "title": "Secret"})).expect(201);
    app.user("dee").may("bookmark.add_bookmark").may("bookmark.change_bookmark").create();
    let dee = Program::of(app, "dee", "write");
    let refused = dee.send("POST", BOOKMARKS, &json!({"url": "https://secret.example", "title": "Mine"})).expect(400);
    assert!(!refused.text().contains("Secret"));
    problem(dee.send("PATCH", "/api/bookmarks/1/", &json!({"shared": true})), 404);
    problem(dee.ask("POST", "/api/bookmarks/1/archive/"), 404);
    assert_eq!(root.get("/api/bookmarks/1/")["shared"], false);
}
