//! A reader's language and time: the language switch leads back to the page it was used on.

use serde_json::json;

use super::pages::{Page, complaints, switch_language};
use crate::support::chromium::{Browser, Options};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(from_every_kind_of_page_a_visitor_switches_to_korean_and_back),
        on_sqlite(without_javascript_a_visitor_switches_to_korean_and_back),
        on_sqlite(the_language_stays_from_page_to_page),
        on_sqlite(a_reader_elsewhere_is_told_the_time_there),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

fn from_every_kind_of_page_a_visitor_switches_to_korean_and_back(app: &TestApp) {
    switches(&Browser::open(), app);
}

fn without_javascript_a_visitor_switches_to_korean_and_back(app: &TestApp) {
    switches(&Options::default().without_javascript().open(), app);
}

#[track_caller]
fn switches(browser: &Browser, app: &TestApp) {
    let poll = app.poll();
    for number in 1..=10 {
        app.question(&format!("Question {number}")).create();
    }
    // After a vote without a choice the form itself is what a visitor comes back to.
    let pages = [
        (Page::at("/"), "/".to_owned()),
        (Page::at("/polls/"), "/polls/".to_owned()),
        (Page::at("/polls/?page=2"), "/polls/?page=2".to_owned()),
        (Page::at(poll.detail()), poll.detail()),
        (Page::at(poll.results()), poll.results()),
        (Page::at("/nowhere/"), "/nowhere/".to_owned()),
        (Page::empty_vote(&poll), poll.detail()),
    ];
    for (page, back) in pages {
        page.show(browser, app);
        shows(browser, "en", "Polls", &page);
        switch_language(browser, "ko", &back);
        shows(browser, "ko", "설문조사", &page);
        switch_language(browser, "en", &back);
        shows(browser, "en", "Polls", &page);
    }
    assert_eq!(app.all_ballots(), 0);
    assert_eq!(complaints(browser), Vec::<String>::new());
}

fn the_language_stays_from_page_to_page(app: &TestApp) {
    let (browser, poll) = (Browser::open(), app.poll());
    browser.visit(app, "/");
    switch_language(&browser, "ko", "/");
    for page in [Page::at(poll.detail()), Page::empty_vote(&poll), Page::at("/nowhere/")] {
        page.show(&browser, app);
        shows(&browser, "ko", "설문조사", &page);
    }
    Page::empty_vote(&poll).show(&browser, app);
    assert_eq!(browser.texts("[role=alert]"), ["항목을 선택하지 않았습니다."]);
}

/// The page is in a language by its text, by its markup and by the switch.
#[track_caller]
fn shows(browser: &Browser, language: &str, brand: &str, page: &Page) {
    let shown = || {
        let current = "return [document.documentElement.lang, \
             document.querySelector('button[name=language][aria-current=true]').value, \
             document.querySelector('.brand').innerText.trim()]";
        browser.script(current, &json!([]))
    };
    eventually(&format!("{page} is in {language}"), || (shown() == json!([language, language, brand])).then_some(()));
}

fn a_reader_elsewhere_is_told_the_time_there(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let poll = app.poll();
    app.execute("UPDATE polls_question SET close_date = '2049-12-24 20:00:00'");
    let browser = Browser::open();
    let told = |zone: &str| {
        browser.move_to(zone);
        browser.visit(&app, &poll.detail());
        browser.texts("main .note").join(" ").replace('\u{202f}', " ")
    };
    let told_in = |zone: &str, time: &str| {
        let text = told(zone);
        assert!(text.contains(&format!("Open until December 25, 2049, 5:00 a.m. KST{time}")), "{zone}: {text}");
    };
    told_in("Asia/Tokyo", "");
    told_in("Asia/Bangkok", " (3:00 AM your time)");
    told_in("Europe/Berlin", " (Dec 24, 2049, 9:00 PM your time)");
    switch_language(&browser, "ko", &poll.detail());
    let text = told("Asia/Bangkok");
    assert!(text.contains("2049년 12월 25일 오전 5:00 KST (현지 시각 오전 3:00)"), "{text}");
}
