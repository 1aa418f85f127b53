//! What a script adds to the frame and to lists: the filter of the sidebar, the theme, choosing all.

use serde_json::json;

use super::hands::{is_seen, log_in, value};
use crate::support::chromium::{Browser, Options, key};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(typing_narrows_the_sidebar),
        on_sqlite(the_theme_goes_from_the_systems_to_light_to_dark_and_stays),
        on_sqlite(all_that_match_can_be_chosen_though_one_page_shows_a_hundred),
        on_sqlite(without_javascript_all_that_match_can_be_chosen_as_well),
        on_sqlite(shift_chooses_a_range_and_the_rows_are_counted),
        on_sqlite(a_closed_filter_stays_closed),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

fn typing_narrows_the_sidebar(app: &TestApp) {
    app.user("ada").superuser().create();
    let browser = Browser::open();
    browser.resize(1280, 900, 1);
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/bookmark/bookmark/");
    let names = || browser.texts("#nav-sidebar li:not([hidden]) .name").join(" ");
    let all = names();
    browser.click("#nav-filter");
    browser.strike("QUES");
    assert_eq!(names(), "Questions");
    assert!(!is_seen(&browser, "#nav-sidebar .app-auth"), "an app without a match is not shown");
    browser.press(key::ESCAPE);
    assert_eq!((names(), value(&browser, "#nav-filter")), (all, String::new()));
    browser.strike("choi");
    browser.press(key::ENTER);
    browser.arrives_at("/admin/polls/choice/");
}

fn the_theme_goes_from_the_systems_to_light_to_dark_and_stays(app: &TestApp) {
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    let is_dark = || {
        let light = "const color = getComputedStyle(document.body).backgroundColor.match(/\\d+/g);
            return color.slice(0, 3).reduce((sum, part) => sum + Number(part), 0) < 200";
        browser.script(light, &json!([])) == true
    };
    let label = || browser.text("return document.querySelector('.theme-toggle').innerText.trim()");
    for system in ["light", "dark"] {
        browser.prefer(system);
        assert_eq!(is_dark(), system == "dark", "at first it is the system's");
    }
    browser.click(".theme-toggle");
    assert!(!is_dark(), "light, whatever the system prefers");
    assert_eq!(label(), "Toggle theme (current theme: light)");
    browser.click(".theme-toggle");
    browser.prefer("light");
    assert!(is_dark(), "dark, whatever the system prefers");
    browser.visit(app, "/admin/polls/question/");
    assert!(is_dark(), "on the next page as well");
    assert_eq!(label(), "Toggle theme (current theme: dark)");
    browser.click(".theme-toggle");
    assert!(!is_dark());
    assert_eq!(label(), "Toggle theme (current theme: auto)");
}

fn all_that_match_can_be_chosen_though_one_page_shows_a_hundred(app: &TestApp) {
    chooses_all(app, &Browser::open(), true);
}

fn without_javascript_all_that_match_can_be_chosen_as_well(app: &TestApp) {
    chooses_all(app, &Options::default().without_javascript().open(), false);
}

#[track_caller]
fn chooses_all(app: &TestApp, browser: &Browser, javascript: bool) {
    app.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 120) INSERT INTO \
         bookmark_bookmark (title, url) SELECT 'Page ' || i, 'https://example.org/' || i FROM n",
    );
    app.bookmark(Some("Kept"), "https://example.com/");
    app.user("ada").superuser().create();
    log_in(browser, app, "ada");
    browser.visit(app, "/admin/bookmark/bookmark/?q=page");
    browser.click("option[value=delete_selected]");
    if javascript {
        assert!(!is_seen(browser, ".across"), "nothing is chosen yet");
        browser.click("#action-toggle");
        assert_eq!(browser.texts(".action-counter"), ["100 of 100 selected"]);
    } else {
        browser.click("tbody tr:first-child .action-select");
    }
    assert_eq!(browser.texts(".across"), ["Select all 120"]);
    browser.click(".across input");
    browser.click("button[name=index]");
    eventually("it is asked once more", || is_seen(browser, ".delete-selected-confirmation").then_some(()));
    assert_eq!(browser.texts(".summary li"), ["Bookmarks: 120"]);
    browser.click("main form .danger");
    browser.arrives_at("/admin/bookmark/bookmark/?q=page");
    assert_eq!(browser.texts(".messagelist li > span"), ["Successfully deleted 120 objects."]);
    assert_eq!(app.count("bookmark_bookmark"), 1);
}

fn shift_chooses_a_range_and_the_rows_are_counted(app: &TestApp) {
    for number in 1..=5 {
        app.bookmark(Some("Page"), &format!("https://example.org/{number}"));
    }
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/bookmark/bookmark/");
    let count = || browser.texts(".action-counter").concat();
    assert_eq!(count(), "0 of 5 selected");
    browser.click("tbody tr:nth-child(2) .action-select");
    assert_eq!(count(), "1 of 5 selected");
    let shifted = "document.querySelector('tbody tr:nth-child(4) .action-select')
        .dispatchEvent(new MouseEvent('click', { bubbles: true, shiftKey: true }))";
    browser.script(shifted, &json!([]));
    assert_eq!(count(), "3 of 5 selected");
    browser.click("#action-toggle");
    assert_eq!(count(), "5 of 5 selected");
    browser.click("#action-toggle");
    assert_eq!(count(), "0 of 5 selected");
}

fn a_closed_filter_stays_closed(app: &TestApp) {
    app.poll();
    app.user("ada").superuser().create();
    let browser = Browser::open();
    browser.resize(1280, 900, 1);
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/polls/question/");
    let open = || browser.texts("#changelist-filter details[open] summary");
    assert_eq!(open(), ["By date published", "By state", "By kind of ballot", "By who votes"]);
    browser.click("#changelist-filter details:first-of-type summary");
    browser.visit(app, "/admin/polls/question/?state=open");
    assert_eq!(open(), ["By state", "By kind of ballot", "By who votes"]);
}
