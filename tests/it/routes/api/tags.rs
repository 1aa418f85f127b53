//! `/api/tags/`.

use serde_json::json;

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

const TAGS: &str = "/api/tags/";

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_tag_is_made_once_and_listed_by_name),
        on_every_database(a_deleted_tag_leaves_all_bookmarks),
    ]
}

fn a_tag_is_made_once_and_listed_by_name(app: &TestApp) {
    let program = Program::of_administrator(app);
    let make = |name: &str| program.send("POST", TAGS, &json!({"name": name})).expect(201).json();
    let rust = make("Rust");
    assert_eq!((&rust["id"], &rust["name"]), (&json!(1), &json!("Rust")));
    assert!(rust["date_added"].as_str().is_some_and(|time| time.starts_with("20")), "{rust}");
    assert_eq!(make("RUST"), rust);
    assert_eq!(make("machine learning")["name"], "machine-learning");
    assert_eq!(make("한국어")["name"], "한국어");
    let names = |path: &str| {
        let list = program.get(path);
        list["results"].as_array().expect("a list").iter().map(|tag| tag["name"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(TAGS), ["machine-learning", "Rust", "한국어"]);
    assert_eq!(names("/api/tags/?limit=1&offset=1"), ["Rust"]);
    assert_eq!(program.get("/api/tags/1/"), rust);
    problem(program.ask("GET", "/api/tags/99/"), 404);
    for name in [json!(""), json!("#"), json!("\u{200b}"), json!("x".repeat(65)), json!(7), json!(null)] {
        let refused = problem(program.send("POST", TAGS, &json!({"name": name})), 400);
        assert!(refused["errors"]["name"][0].as_str().is_some(), "{refused}");
    }
    assert!(problem(program.send("POST", TAGS, &json!({})), 400)["errors"]["name"][0].as_str().is_some());
}

fn a_deleted_tag_leaves_all_bookmarks(app: &TestApp) {
    let program = Program::of_administrator(app);
    for number in 0..3 {
        let body = json!({"url": format!("https://example.com/{number}"), "title": "x", "tag_names": ["gone", "kept"]});
        program.send("POST", BOOKMARKS, &body).expect(201);
    }
    let tags = program.get(TAGS);
    let gone = tags["results"].as_array().expect("a list").iter().find(|tag| tag["name"] == "gone").expect("the tag");
    let path = format!("/api/tags/{}/", gone["id"]);
    program.ask("DELETE", &path).expect(204);
    problem(program.ask("DELETE", &path), 404);
    assert_eq!(program.get(TAGS)["count"], 1);
    assert_eq!(program.get("/api/bookmarks/2/")["tag_names"], json!(["kept"]));
    // Each has an entry of its own, and can be undone alone.
    let root = app.logged_in("root");
    let page = root.get("/admin/bookmark/bookmark/2/history/").expect(200).html();
    root.post(&page.attribute("#change-history form", "action").expect("a button"), &[]).expect(303);
    assert_eq!(program.get("/api/bookmarks/2/")["tag_names"], json!(["gone", "kept"]));
}
