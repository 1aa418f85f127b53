//! What hostile or broken programs send.

use serde_json::json;

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(values_that_no_bookmark_can_have_are_named),
        on_sqlite(what_is_no_json_object_is_refused),
        on_sqlite(a_huge_body_is_refused),
        on_sqlite(a_body_that_is_cut_off_changes_nothing),
        on_sqlite(what_is_no_id_is_not_found),
    ]
}

fn values_that_no_bookmark_can_have_are_named(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.add("https://one.example/");
    let before = program.get("/api/bookmarks/1/");
    let many: Vec<_> = (0..51).map(|number| format!("t{number}")).collect();
    for (member, value) in [
        ("url", json!("")),
        ("url", json!("javascript:alert(1)")),
        ("url", json!("https://exa mple.com/")),
        ("url", json!("https://\u{0}/")),
        ("url", json!(format!("https://example.com/{}", "x".repeat(200)))),
        ("url", json!(7)),
        ("url", json!(null)),
        ("url", json!(["https://example.com/"])),
        ("title", json!("x".repeat(101))),
        ("title", json!("a\u{0}b")),
        ("title", json!({"a": 1})),
        ("description", json!("a\u{0}b")),
        ("notes", json!("a\u{0}b")),
        ("notes", json!(1.5)),
        ("unread", json!("yes")),
        ("unread", json!(1)),
        ("shared", json!(null)),
        ("is_archived", json!("false")),
        ("tag_names", json!("a,b")),
        ("tag_names", json!(["a", 1])),
        ("tag_names", json!([["a"]])),
        ("tag_names", json!(["x".repeat(65)])),
        ("tag_names", json!(many)),
    ] {
        let mut body = json!({"url": "https://new.example/"});
        body[member] = value.clone();
        for (method, path) in [("POST", BOOKMARKS), ("PUT", "/api/bookmarks/1/"), ("PATCH", "/api/bookmarks/1/")] {
            let refused = problem(program.send(method, path, &body), 400);
            assert!(refused["errors"][member][0].as_str().is_some(), "{method} {member} {value}: {refused}");
        }
    }
    let two = problem(program.send("POST", BOOKMARKS, &json!({"title": "x".repeat(101)})), 400);
    assert_eq!(two["errors"].as_object().map(serde_json::Map::len), Some(2), "{two}");
    assert_eq!((program.get("/api/bookmarks/1/"), app.count("bookmark_bookmark")), (before, 1));
    // Names of tags lose what no name can have.
    let made = json!({"url": "https://new.example/", "tag_names": ["a\u{0}b", "", "\u{202e}", "c"]});
    let made = program.send("POST", BOOKMARKS, &made).expect(201).json();
    assert_eq!(made["tag_names"], json!(["ab", "c"]), "{made}");
}

fn what_is_no_json_object_is_refused(app: &TestApp) {
    let program = Program::of_administrator(app);
    let deep = |open: &str, close: &str| format!("{{\"url\": {}{}}}", open.repeat(50_000), close.repeat(50_000));
    for body in [
        Vec::new(),
        b"{".to_vec(),
        b"[]".to_vec(),
        b"null".to_vec(),
        b"{\"url\": \"https://example.com/\"".to_vec(),
        b"{\"url\": \"https://example.com/\"} x".to_vec(),
        b"{\"url\": \"https://example.com/\xff\"}".to_vec(),
        b"\xef\xbb\xbf{\"url\": \"https://example.com/\"}".to_vec(),
        b"{'url': 'https://example.com/'}".to_vec(),
        b"{\"url\": \"\\ud800\"}".to_vec(),
        b"url=https://example.com/".to_vec(),
        deep("[", "]").into_bytes(),
        deep("{\"a\":", "1}").into_bytes(),
    ] {
        problem(program.send_raw("POST", BOOKMARKS, body), 400);
    }
    let ignored = format!(
        "{{\"url\": \"https://example.com/\", \"title\": \"x\", \"x\": {}{}}}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    assert!([201, 400].contains(&program.send_raw("POST", BOOKMARKS, ignored).status));
    app.execute("DELETE FROM bookmark_bookmark");
    let token = format!("Token {}", program.token);
    let body = r#"{"url": "https://example.com/"}"#;
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "", "multipart/form-data; boundary=x"]
    {
        problem(app.post(BOOKMARKS).header("Authorization", &token).body(content_type, body).send(), 415);
    }
    assert_eq!(app.count("bookmark_bookmark"), 0);
    app.post(BOOKMARKS).header("Authorization", &token).body("Application/JSON; charset=utf-8", body).expect(201);
}

fn a_huge_body_is_refused(setup: Setup) {
    let app = &setup.settings("data_upload_max_memory_size = 10000").start();
    let program = Program::of_administrator(app);
    let body = |length: usize| json!({"url": "https://example.com/", "title": "x", "description": "x".repeat(length)});
    problem(program.send("POST", BOOKMARKS, &body(20_000)), 413);
    problem(program.send("POST", BOOKMARKS, &body(2_000_000)), 413);
    assert_eq!(app.count("bookmark_bookmark"), 0);
    program.send("POST", BOOKMARKS, &body(9_000)).expect(201);
}

fn a_body_that_is_cut_off_changes_nothing(app: &TestApp) {
    let program = Program::of_administrator(app);
    let head = format!(
        "POST {BOOKMARKS} HTTP/1.1\r\nHost: {}\r\nAuthorization: Token {}\r\nContent-Type: application/json\r\n\
         Connection: close\r\n",
        app.tcp(),
        program.token
    );
    let chunk = "{\"url\": \"https://example.com/\", \"title\": \"x\"}";
    let cut = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{chunk}\r\n", chunk.len() + 5);
    // Whether it is answered before the connection ends is not said.
    app.visitor().raw((cut + "zz\r\n").as_bytes());
    assert_eq!(app.count("bookmark_bookmark"), 0);
}

fn what_is_no_id_is_not_found(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.add("https://one.example/");
    for id in
        ["0", "-1", "01", "1.0", "x", "9223372036854775808", "99999999999999999999", "%00", "1%2F", "%EF%BC%92", "1;2"]
    {
        for path in [format!("/api/bookmarks/{id}/"), format!("/api/tags/{id}/")] {
            problem(program.ask("GET", &path), 404);
            problem(program.ask("DELETE", &path), 404);
        }
        problem(program.ask("POST", &format!("/api/bookmarks/{id}/archive/")), 404);
    }
    assert_eq!(
        program.get("/api/bookmarks/9223372036854775807/".replace("9223372036854775807", "1").as_str())["id"],
        1
    );
}
