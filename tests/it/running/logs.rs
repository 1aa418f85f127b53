//! One line per request, as text or JSON, for whoever wants which.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_request_is_one_line),
        on_sqlite(what_people_typed_is_not_logged),
        on_sqlite(a_line_can_be_json),
        on_sqlite(each_target_has_its_level),
        on_sqlite(the_log_can_be_a_file),
    ]
}

fn a_request_is_one_line(app: &TestApp) {
    app.get("/polls/").expect(200);
    let line = app.log.wait_for("GET /polls/ 200");
    for part in
        ["INFO", "polls.request", "request_id=\"", "method=GET", "path=\"/polls/\"", "status=200", "duration_ms="]
    {
        assert!(line.contains(part), "{part}: {line}");
    }
    let id = app.get("/nothing/").expect(404).html().text("main code");
    let line = app.log.wait_for("GET /nothing/ 404");
    assert!(line.contains(&id), "{line}");
    assert_eq!(app.log.text().matches(&id).count(), 1);
}

fn what_people_typed_is_not_logged(app: &TestApp) {
    app.get("/polls/?page=1&q=private").expect(200);
    app.get("/nothing%0A2026-01-01/?private").send();
    app.log.wait_for("GET /nothing");
    assert!(!app.log.text().contains("private"));
    assert!(!app.log.text().lines().any(|line| line.starts_with("2026-01-01/")));
}

fn a_line_can_be_json(setup: Setup) {
    let app = setup.settings("[log]\nformat = \"json\"").start();
    app.get("/polls/").expect(200);
    app.log.wait_for("/polls/");
    let lines: Vec<serde_json::Value> =
        app.log.text().lines().map(|line| serde_json::from_str(line).expect("JSON on every line")).collect();
    let request = lines.iter().find(|line| line["target"] == "polls.request").expect("the request");
    assert_eq!((&request["method"], &request["path"]), (&"GET".into(), &"/polls/".into()));
    assert_eq!((&request["status"], &request["level"]), (&200.into(), &"INFO".into()));
    assert!(request["duration_ms"].is_number() && request["request_id"].is_string(), "{request}");
}

fn each_target_has_its_level(setup: Setup) {
    let app = setup.settings("[log]\nlevel = \"info,polls.request=off\"").start();
    app.get("/polls/").expect(200);
    app.get("/").host("evil.example").expect(400);
    app.log.wait_for("polls.security");
    assert!(!app.log.text().contains("polls.request"), "{}", app.log.text());
}

fn the_log_can_be_a_file(setup: Setup) {
    let app = setup.log_to("polls.log").start();
    app.get("/polls/").expect(200);
    let text = std::fs::read_to_string(app.path("polls.log")).expect("the log");
    assert!(text.contains("GET /polls/ 200") && !text.contains('\u{1b}'), "{text}");
    assert_eq!(app.log.text(), "");
}
