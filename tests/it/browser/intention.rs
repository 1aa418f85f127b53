//! One intention counts once, whatever the browser makes of it; a person who votes again counts again.

use std::time::Duration;

use crate::support::chromium::{Browser, Options, key};
use crate::support::servers::slow_line;
use crate::support::*;

/// Between two clicks, in milliseconds.
const PAUSES: [u64; 5] = [30, 60, 90, 120, 150];

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(two_clicks_on_vote_count_once),
        on_sqlite(two_clicks_on_vote_count_once_without_javascript),
        on_sqlite(two_clicks_on_vote_count_once_without_cookies),
        on_sqlite(two_clicks_count_once_after_a_confirmation_without_javascript_and_cookies),
        on_sqlite(enter_twice_counts_once),
        on_sqlite(enter_twice_counts_once_without_javascript),
        on_sqlite(stop_and_vote_again_count_once),
        on_sqlite(back_and_vote_count_once),
        on_sqlite(back_and_vote_count_once_without_javascript),
        on_sqlite(back_and_another_choice_is_told_and_may_vote_again),
        on_sqlite(the_link_vote_again_counts_again_without_javascript),
        on_sqlite(two_tabs_are_two_views),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

/// A browser that is 25 ms away from the program, each way.
struct Far {
    browser: Browser,
    origin: String,
}

impl Far {
    fn from(app: &TestApp, options: Options) -> Self {
        let port = slow_line(app.tcp(), Duration::from_millis(25));
        Self { browser: options.open(), origin: format!("http://127.0.0.1:{port}") }
    }

    #[track_caller]
    fn choose(&self, poll: &Poll, index: usize) {
        self.browser.visit_url(&format!("{}{}", self.origin, poll.detail()));
        self.browser.click(&format!("input[value='{}']", poll.value(index)));
    }
}

const VOTE: &str = ".ballot button";

#[track_caller]
fn is_counted_once(app: &TestApp, poll: &Poll, how: &str) {
    assert_eq!((app.totals(poll), app.ballots(poll)), (vec![0, 1, 0], vec![0, 1, 0]), "{how}");
}

#[track_caller]
fn two_clicks(app: &TestApp, options: Options) {
    let far = Far::from(app, options);
    for pause in PAUSES {
        let poll = app.poll();
        far.choose(&poll, 1);
        far.browser.click_twice(VOTE, pause);
        far.browser.arrives_at(&poll.results());
        is_counted_once(app, &poll, &format!("{pause} ms"));
    }
}

fn two_clicks_on_vote_count_once(app: &TestApp) {
    two_clicks(app, Options::default());
}

fn two_clicks_on_vote_count_once_without_javascript(app: &TestApp) {
    two_clicks(app, Options::default().without_javascript());
}

fn two_clicks_on_vote_count_once_without_cookies(app: &TestApp) {
    two_clicks(app, Options::default().without_cookies());
}

fn two_clicks_count_once_after_a_confirmation_without_javascript_and_cookies(app: &TestApp) {
    let far = Far::from(app, Options::default().without_javascript().without_cookies());
    let poll = app.poll();
    far.choose(&poll, 1);
    far.browser.click_twice(VOTE, 60);
    far.browser.arrives_at(&poll.vote());
    assert!(far.browser.texts("[role=alert]")[0].starts_with("Please confirm your vote."));
    assert_eq!(app.totals(&poll), [0, 0, 0]);
    far.browser.click_twice(VOTE, 60);
    far.browser.arrives_at(&poll.results());
    is_counted_once(app, &poll, "after the confirmation");
}

#[track_caller]
fn enter_twice(app: &TestApp, options: Options) {
    let far = Far::from(app, options);
    for pause in PAUSES {
        let poll = app.poll();
        far.choose(&poll, 1);
        far.browser.press_twice(key::ENTER, pause);
        far.browser.arrives_at(&poll.results());
        is_counted_once(app, &poll, &format!("{pause} ms"));
    }
}

fn enter_twice_counts_once(app: &TestApp) {
    enter_twice(app, Options::default());
}

fn enter_twice_counts_once_without_javascript(app: &TestApp) {
    enter_twice(app, Options::default().without_javascript());
}

fn stop_and_vote_again_count_once(app: &TestApp) {
    let far = Far::from(app, Options::default());
    let poll = app.poll();
    far.choose(&poll, 1);
    let stop_and_vote = "document.querySelector('.ballot').requestSubmit(); \
                         setTimeout(() => { window.stop(); setTimeout(() => document.querySelector('.ballot').requestSubmit(), 1200) }, 35)";
    far.browser.script(stop_and_vote, &serde_json::json!([]));
    far.browser.arrives_at(&poll.results());
    is_counted_once(app, &poll, "Stop, and Vote again");
}

#[track_caller]
fn back_and_vote(app: &TestApp, options: Options) {
    let far = Far::from(app, options);
    let poll = app.poll();
    far.choose(&poll, 1);
    far.browser.click(VOTE);
    far.browser.arrives_at(&poll.results());
    far.browser.back();
    far.browser.arrives_at(&poll.detail());
    far.browser.click(&format!("input[value='{}']", poll.value(1)));
    far.browser.click(VOTE);
    far.browser.arrives_at(&poll.results());
    is_counted_once(app, &poll, "Back");
}

fn back_and_vote_count_once(app: &TestApp) {
    back_and_vote(app, Options::default());
}

fn back_and_vote_count_once_without_javascript(app: &TestApp) {
    back_and_vote(app, Options::default().without_javascript());
}

fn back_and_another_choice_is_told_and_may_vote_again(app: &TestApp) {
    for options in [Options::default(), Options::default().without_javascript()] {
        let far = Far::from(app, options);
        let poll = app.poll();
        far.choose(&poll, 1);
        far.browser.click(VOTE);
        far.browser.arrives_at(&poll.results());
        far.browser.back();
        far.browser.arrives_at(&poll.detail());
        far.browser.click(&format!("input[value='{}']", poll.value(2)));
        far.browser.click(VOTE);
        far.browser.arrives_at(&poll.vote());
        let told = far.browser.texts("[role=alert]").remove(0);
        assert!(told.starts_with("This page has voted for another choice already."), "{told}");
        is_counted_once(app, &poll, "another choice");
        far.browser.click(&format!("input[value='{}']", poll.value(2)));
        far.browser.click(VOTE);
        far.browser.arrives_at(&poll.results());
        assert_eq!(app.totals(&poll), [0, 1, 1]);
    }
}

fn the_link_vote_again_counts_again_without_javascript(app: &TestApp) {
    let far = Far::from(app, Options::default().without_javascript());
    let poll = app.poll();
    far.choose(&poll, 1);
    for votes in [1, 2, 3] {
        far.browser.click(VOTE);
        far.browser.arrives_at(&poll.results());
        assert_eq!(app.totals(&poll), [0, votes, 0]);
        far.browser.click("main a.button");
        far.browser.arrives_at(&poll.detail());
        far.browser.click(&format!("input[value='{}']", poll.value(1)));
    }
}

fn two_tabs_are_two_views(app: &TestApp) {
    let far = Far::from(app, Options::default());
    let poll = app.poll();
    far.choose(&poll, 1);
    far.browser.script("window.open(location.href)", &serde_json::json!([]));
    let windows = far.browser.windows();
    far.browser.switch_to(&windows[1]);
    far.browser.arrives_at(&poll.detail());
    far.browser.click(&format!("input[value='{}']", poll.value(2)));
    far.browser.click(VOTE);
    far.browser.arrives_at(&poll.results());
    far.browser.switch_to(&windows[0]);
    far.browser.click(VOTE);
    far.browser.arrives_at(&poll.results());
    assert_eq!(app.totals(&poll), [0, 1, 1]);
}
