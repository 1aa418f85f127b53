//! Every page a visitor may come to, with texts as long as the columns allow.

use std::fmt;

use chrono::TimeDelta;

use crate::support::chromium::Browser;
use crate::support::*;

/// A page, or the answer to a vote without a choice that is given on it.
#[derive(Debug, Clone)]
pub struct Page {
    pub path: String,
    empty_vote: bool,
}

impl Page {
    pub fn at(path: impl Into<String>) -> Self {
        Self { path: path.into(), empty_vote: false }
    }

    pub fn empty_vote(poll: &Poll) -> Self {
        Self { path: poll.vote(), empty_vote: true }
    }

    #[track_caller]
    pub fn show(&self, browser: &Browser, app: &TestApp) {
        if self.empty_vote {
            browser.visit(app, self.path.trim_end_matches("vote/"));
            browser.click(".ballot button");
        } else {
            browser.visit(app, &self.path);
        }
        browser.arrives_at(&self.path);
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path, if self.empty_vote { " (nothing chosen)" } else { "" })
    }
}

/// All of them, on a site that it fills.
pub fn all(app: &TestApp) -> Vec<Page> {
    for number in 1..=20 {
        app.question(&format!("Question {number}")).published_ago(TimeDelta::days(number)).create();
    }
    let word = "가".repeat(200);
    let long = app.question(&word).choices([&"W".repeat(200)]).choice_with_votes(&word, i32::MAX - 1).create();
    let poll =
        app.question("점심 메뉴로 무엇을 추천하시나요?").choice_with_votes("냉면", 2).choices(["Pizza"]).create();
    let bare = app.question("Nothing to choose from").create();
    let closed = app.question("마감된 질문").choices(["예", "아니요"]).create();
    app.execute(&format!("UPDATE polls_question SET close_date = '2025-01-02 03:04:05' WHERE id = {}", closed.id));
    let address = format!("https://example.org/{}", "w".repeat(180));
    let (titled, untitled) = (app.bookmark(Some("Rust"), "https://www.rust-lang.org/"), app.bookmark(None, &address));
    let unlinked = app.bookmark(Some(&"가".repeat(100)), "ftp://example.org/");
    [
        "/".to_owned(),
        "/polls/".to_owned(),
        "/polls/?page=2".to_owned(),
        poll.detail(),
        poll.results(),
        long.detail(),
        long.results(),
        bare.detail(),
        bare.results(),
        closed.detail(),
        closed.results(),
        "/bookmark/".to_owned(),
        format!("/bookmark/{titled}/"),
        format!("/bookmark/{untitled}/"),
        format!("/bookmark/{unlinked}/"),
        "/nowhere/".to_owned(),
    ]
    .into_iter()
    .map(Page::at)
    .chain([Page::empty_vote(&poll)])
    .collect()
}

/// Changes the language by the switch at the foot of the page, which leads back to `path`.
#[track_caller]
pub fn switch_language(browser: &Browser, language: &str, path: &str) {
    browser.click(&format!("button[name=language][value={language}]"));
    browser.arrives_at(path);
}

/// What the console says but for the status of a page that is meant to have it.
#[track_caller]
pub fn complaints(browser: &Browser) -> Vec<String> {
    let status = |line: &String| ["404", "400"].iter().any(|status| line.contains(&format!("a status of {status} ")));
    browser.console().into_iter().filter(|line| !status(line)).collect()
}
