//! Errors below `/api/` are problems (RFC 9457), whatever causes them, and browsers of other sites read nothing.

use serde_json::json;

use super::{BOOKMARKS, Program, problem};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(an_error_is_never_a_page),
        on_sqlite(a_problem_speaks_the_clients_language_and_reads_no_cookie),
        on_sqlite(other_sites_read_nothing_and_need_a_token_to_write),
        on_sqlite(a_client_that_takes_no_json_gets_none),
        on_sqlite(a_database_that_does_not_answer_is_a_problem),
        on_sqlite(the_api_is_below_the_mount),
        on_sqlite(nothing_is_kept_by_caches),
    ]
}

fn an_error_is_never_a_page(app: &TestApp) {
    let program = Program::of_administrator(app);
    let token = format!("Token {}", program.token);
    for path in
        ["/api/nothing/", "/api/bookmarks/1/", "/api/x", "/api/bookmarks/1/nothing/", "/api//", "/%61pi/nothing/"]
    {
        for accept in ["text/html", "*/*", "application/json"] {
            let request = app.get(path).header("Authorization", &token).header("Accept", accept);
            let status = if accept == "text/html" && path.contains("bookmarks/1/") && !path.contains("nothing") {
                406
            } else {
                404
            };
            problem(request.send(), status);
        }
    }
    problem(app.get("/%61pi/bookmarks/").header("Accept", "text/html").send(), 401);
    for (method, path, allowed) in [
        ("DELETE", BOOKMARKS, "GET, HEAD, POST"),
        ("POST", "/api/bookmarks/1/", "GET, HEAD, PUT, PATCH, DELETE"),
        ("GET", "/api/bookmarks/1/archive/", "POST"),
        ("OPTIONS", BOOKMARKS, "GET, HEAD, POST"),
        ("POST", "/api/user/profile/", "GET, HEAD"),
        ("PROPFIND", "/api/tags/", "GET, HEAD, POST"),
        ("POST", "/api/", "GET, HEAD"),
        ("PUT", "/api/openapi.json", "GET, HEAD"),
    ] {
        let answer = program.ask(method, path);
        let sorted = |text: &str| {
            let mut methods: Vec<_> = text.split(", ").map(str::to_owned).collect();
            methods.sort();
            methods
        };
        assert_eq!(sorted(answer.header("allow").expect("the methods")), sorted(allowed), "{method} {path}");
        problem(answer, 405);
    }
    problem(app.get(&format!("{BOOKMARKS}?q={}", "x".repeat(9000))).send(), 414);
    problem(app.get(BOOKMARKS).host("evil.example").send(), 400);
    assert_eq!(app.get("/api").expect(308).location(), "/api/");
    assert_eq!(app.get("/api/bookmarks?q=x").expect(308).location(), "/api/bookmarks/?q=x");
    let head = program.ask("HEAD", "/api/bookmarks/99/").expect(404);
    assert_eq!(head.header("content-type"), Some("application/problem+json"));
}

fn a_problem_speaks_the_clients_language_and_reads_no_cookie(app: &TestApp) {
    let ask = |language: &str| app.get(BOOKMARKS).header("Accept-Language", language);
    let detail = |response: Response| problem(response, 401)["detail"].as_str().expect("a text").to_owned();
    assert!(detail(ask("en").send()).starts_with("A token"));
    assert!(detail(ask("ko").send()).starts_with("토큰"));
    assert!(detail(ask("en").header("Cookie", "django_language=ko").send()).starts_with("A token"));
}

fn other_sites_read_nothing_and_need_a_token_to_write(app: &TestApp) {
    let program = Program::of_administrator(app);
    let token = format!("Token {}", program.token);
    let body = json!({"url": "https://one.example/", "title": "x"}).to_string();
    let foreign =
        |request: Request| request.header("Origin", "https://evil.example").header("Sec-Fetch-Site", "cross-site");
    // A session is worth nothing here.
    let root = app.logged_in("root");
    problem(root.send(foreign(app.post(BOOKMARKS)).body("application/json", body.clone())), 401);
    problem(root.send(app.post(BOOKMARKS).body("application/json", body.clone())), 401);
    let preflight = foreign(app.request("OPTIONS", BOOKMARKS)).header("Access-Control-Request-Method", "POST").send();
    let read = foreign(app.get(BOOKMARKS)).header("Authorization", &token).expect(200);
    // An extension of a browser sends an origin of its own.
    let written =
        foreign(app.post(BOOKMARKS)).header("Authorization", &token).body("application/json", body).expect(201);
    for answer in [preflight, read, written] {
        assert!(answer.headers("access-control-allow-origin").is_empty());
    }
}

fn a_client_that_takes_no_json_gets_none(app: &TestApp) {
    let program = Program::of_administrator(app);
    let ask = |accept: &str| {
        app.get(BOOKMARKS).header("Authorization", format!("Token {}", program.token)).header("Accept", accept)
    };
    for accept in ["application/json", "*/*", "application/*;q=0.1", "text/html, */*;q=0.1", "APPLICATION/JSON"] {
        ask(accept).expect(200);
    }
    for accept in ["text/html", "application/xml", "application/json;q=0, */*", "image/*"] {
        problem(ask(accept).send(), 406);
    }
}

fn a_database_that_does_not_answer_is_a_problem(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.get(BOOKMARKS);
    app.execute("ALTER TABLE auth_apitoken RENAME TO gone");
    problem(program.ask("GET", BOOKMARKS), 500);
    app.execute("ALTER TABLE gone RENAME TO auth_apitoken");
    program.get(BOOKMARKS);
}

fn the_api_is_below_the_mount(setup: Setup) {
    let app = &setup.mounted_at("/vote").start();
    let program = Program::of_administrator(app);
    let made = program.send("POST", "/vote/api/bookmarks/", &json!({"url": "https://one.example/", "title": "x"}));
    made.expect(201);
    program.send("POST", "/vote/api/bookmarks/", &json!({"url": "https://two.example/", "title": "x"})).expect(201);
    let list = program.get("/vote/api/bookmarks/?limit=1");
    assert!(
        list["next"].as_str().is_some_and(|next| next.ends_with("/vote/api/bookmarks/?limit=1&offset=1")),
        "{list}"
    );
    let index = app.get("/vote/api/").expect(200).json();
    assert!(index["addresses"][0].as_str().is_some_and(|address| address.contains("/vote/api/")), "{index}");
    assert_eq!(app.get("/vote/api/openapi.json").expect(200).json()["servers"][0]["url"], "/vote");
    problem(app.get("/vote/api/nothing/").send(), 404);
    assert_ne!(app.get("/api/nothing/").expect(404).header("content-type"), Some("application/problem+json"));
}

fn nothing_is_kept_by_caches(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.add("https://one.example/");
    for path in [BOOKMARKS, "/api/bookmarks/1/", "/api/tags/", "/api/user/profile/", "/api/bookmarks/check/?url=x"] {
        let answer = program.ask("GET", path).expect(200);
        assert_eq!(answer.header("cache-control"), Some("private, no-store"), "{path}");
        assert_eq!(answer.header("content-type"), Some("application/json"), "{path}");
        let head = program.ask("HEAD", path).expect(200);
        assert_eq!(head.header("content-length"), answer.header("content-length"), "{path}");
        // Another one sees nothing of it.
        problem(app.get(path).send(), 401);
    }
}
