//! `/api/…`: what programs ask for with a token.

mod bad_input;
mod bookmarks;
mod clients;
mod description;
mod lists;
mod problems;
mod rights;
mod tags;
mod tokens;

use serde_json::Value;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    let modules = [
        tokens::tests(),
        rights::tests(),
        lists::tests(),
        bookmarks::tests(),
        tags::tests(),
        bad_input::tests(),
        problems::tests(),
        description::tests(),
        clients::tests(),
    ];
    modules.into_iter().flatten().collect()
}

const BOOKMARKS: &str = "/api/bookmarks/";

/// A program with a token.
struct Program<'a> {
    app: &'a TestApp,
    token: String,
}

impl<'a> Program<'a> {
    /// A program of a user there is.
    #[track_caller]
    fn of(app: &'a TestApp, username: &str, scope: &str) -> Self {
        let made = app.run(&["token", "add", username, "a program", "--scope", scope]).expect(0);
        Self { app, token: made.stdout.trim().to_owned() }
    }

    /// A program that may do everything.
    #[track_caller]
    fn of_administrator(app: &'a TestApp) -> Self {
        app.user("root").superuser().create();
        Self::of(app, "root", "write")
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str) -> Response {
        self.app.request(method, path).header("Authorization", format!("Token {}", self.token)).send()
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        self.ask("GET", path).expect(200).json()
    }

    #[track_caller]
    fn send(&self, method: &str, path: &str, body: &Value) -> Response {
        self.send_raw(method, path, body.to_string())
    }

    #[track_caller]
    fn send_raw(&self, method: &str, path: &str, body: impl Into<Vec<u8>>) -> Response {
        let request = self.app.request(method, path).header("Authorization", format!("Bearer {}", self.token));
        request.body("application/json", body).send()
    }

    /// Adds a bookmark that everybody sees, and returns its id.
    #[track_caller]
    fn add(&self, url: &str) -> i64 {
        let added = self.send("POST", BOOKMARKS, &serde_json::json!({"url": url, "title": url, "shared": true}));
        added.expect(201).json()["id"].as_i64().expect("an id")
    }

    /// The addresses in a list.
    #[track_caller]
    fn urls(&self, path: &str) -> Vec<String> {
        let list = self.get(path);
        let results = list["results"].as_array().expect("a list").iter();
        results.map(|row| row["url"].as_str().expect("an address").to_owned()).collect()
    }
}

/// Holds that an answer is a problem of this status, and returns it.
#[track_caller]
fn problem(response: Response, status: u16) -> Value {
    let response = response.expect(status);
    assert_eq!(response.header("content-type"), Some("application/problem+json"), "{}", response.text());
    assert_eq!(response.header("cache-control"), Some("private, no-store"));
    let problem = response.json();
    assert_eq!((problem["status"].as_u64(), problem["type"].as_str()), (Some(u64::from(status)), Some("about:blank")));
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.len() > 5), "{problem}");
    problem
}
