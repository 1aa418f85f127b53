//! What a relation chooses among is added and changed beside its select.

use serde_json::json;

use super::hands::{is_seen, log_in, value};
use crate::browser::accessibility::{axe, violations_but};
use crate::browser::pages::complaints;
use crate::support::chromium::{Browser, Options};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(what_is_added_in_a_pop_up_is_chosen).needing(Need::Axe),
        on_sqlite(what_is_renamed_in_a_pop_up_is_renamed_in_the_form),
        on_sqlite(a_group_that_is_added_in_a_pop_up_is_ticked),
        on_sqlite(without_javascript_the_same_links_lead_to_the_forms),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

const ADD: &str = "/admin/polls/choice/add/";

/// Opens a pop-up with a link and goes on in it; hands back the window before.
#[track_caller]
fn open(browser: &Browser, link: &str, path: &str) -> String {
    let [before] = &browser.windows()[..] else { panic!("one window is open") };
    browser.click(link);
    let popup = eventually("the pop-up opens", || browser.windows().into_iter().find(|window| window != before));
    browser.switch_to(&popup);
    browser.arrives_at(&format!("{path}?_to_field=id&_popup=1"));
    before.clone()
}

/// Waits for the pop-up to close, and goes on in the window before.
#[track_caller]
fn closes(browser: &Browser, before: &str) {
    eventually("the pop-up closes", || (browser.windows() == [before]).then_some(()));
    browser.switch_to(before);
}

/// What a select shows.
#[track_caller]
fn chosen(browser: &Browser, select: &str) -> String {
    let script = "return document.querySelector(arguments[0]).selectedOptions[0]?.text ?? ''";
    browser.script(script, &json!([select])).as_str().unwrap_or_default().to_owned()
}

fn what_is_added_in_a_pop_up_is_chosen(app: &TestApp) {
    app.poll();
    app.user("ada").superuser().create();
    let (browser, axe) = (Browser::open(), axe());
    log_in(&browser, app, "ada");
    browser.visit(app, ADD);
    let links = || ["change", "add", "view"].map(|verb| is_seen(&browser, &format!("#{verb}_id_question")));
    assert_eq!(links(), [false, true, false], "nothing is chosen yet");
    browser.fill("#id_choice_text", "Perhaps");
    let before = open(&browser, "#add_id_question", "/admin/polls/question/add/");
    for around in ["#header", "#footer", "#nav-sidebar", ".breadcrumbs", "[name=_continue]", "[name=_addanother]"] {
        assert!(!is_seen(&browser, around), "{around}");
    }
    browser.click("button[name=_save]");
    eventually("the error is said", || is_seen(&browser, "#id_question_text_error").then_some(()));
    assert!(!is_seen(&browser, "#header"), "it is still a pop-up");
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        let violations = violations_but(&browser, &axe, &["nonBmp", "emptyValue"]);
        assert!(violations.is_empty(), "{violations:?}");
    }
    browser.fill("#id_question_text", "Why \"<b>\" & 왜?");
    browser.click("button[name=_save]");
    closes(&browser, &before);
    assert_eq!(chosen(&browser, "#id_question"), "Why \"<b>\" & 왜?");
    assert_eq!(links(), [true, true, true]);
    assert_eq!(value(&browser, "#id_choice_text"), "Perhaps");
    let view = browser.text("return document.querySelector('#view_id_question').pathname");
    assert_eq!(view, "/admin/polls/question/2/change/");
    let said = complaints(&browser);
    assert!(said.is_empty(), "{said:?}");
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/polls/choice/");
    assert_eq!(app.count("polls_choice WHERE choice_text = 'Perhaps' AND question_id = 2"), 1);
}

fn what_is_renamed_in_a_pop_up_is_renamed_in_the_form(app: &TestApp) {
    let poll = app.poll();
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, &format!("/admin/polls/choice/{}/change/", poll.choices[0]));
    let question = format!("/admin/polls/question/{}/change/", poll.id);
    let before = open(&browser, "#change_id_question", &question);
    browser.fill("#id_question_text", "What else?");
    browser.click("button[name=_save]");
    closes(&browser, &before);
    assert_eq!(chosen(&browser, "#id_question"), "What else?");
    assert_eq!(browser.text("return document.activeElement.id"), "change_id_question");
    // To look at it is no pop-up.
    browser.click("#view_id_question");
    browser.arrives_at(&question);
    assert_eq!(browser.windows().len(), 1);
}

fn a_group_that_is_added_in_a_pop_up_is_ticked(app: &TestApp) {
    let user = app.user("bob").create();
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, &format!("/admin/auth/user/{user}/change/"));
    let before = open(&browser, "#add_id_groups", "/admin/auth/group/add/");
    browser.fill("#id_name", "편집자");
    browser.click("button[name=_save]");
    closes(&browser, &before);
    let picker = "select[name=groups] ~ .picker";
    assert_eq!(browser.texts(&format!("{picker} li")), ["편집자"]);
    assert!(browser.texts(&format!("{picker} [role=status]")).concat().starts_with("1 of 1 "));
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/auth/user/");
    assert_eq!(app.count(&format!("auth_user_groups WHERE user_id = {user}")), 1);
}

fn without_javascript_the_same_links_lead_to_the_forms(app: &TestApp) {
    let poll = app.poll();
    app.user("ada").superuser().create();
    let browser = Options::default().without_javascript().open();
    log_in(&browser, app, "ada");
    let form = format!("/admin/polls/choice/{}/change/", poll.choices[0]);
    let question = format!("/admin/polls/question/{}/change/", poll.id);
    for (link, path) in
        [("add", "/admin/polls/question/add/"), ("change", question.as_str()), ("view", question.as_str())]
    {
        browser.visit(app, &form);
        browser.click(&format!("#{link}_id_question"));
        browser.arrives_at(path);
        assert!(is_seen(&browser, ".breadcrumbs") && is_seen(&browser, "[name=_continue]"), "{link}");
    }
    browser.visit(app, ADD);
    assert!(!is_seen(&browser, "#change_id_question"), "nothing is chosen");
}
