//! What a script adds to forms: rows, dates and times by a button, and a word before what was typed is lost.

use chrono::{NaiveDateTime, SubsecRound as _};
use polls::clock::{self, TimeZone};
use serde_json::json;

use super::hands::{is_seen, log_in, value};
use crate::browser::accessibility::{axe, violations_but};
use crate::support::chromium::{Browser, Options, key};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(a_changed_form_is_not_left_without_a_word),
        on_sqlite(buttons_fill_in_the_sites_date_and_time),
        on_sqlite(rows_are_added_and_removed),
        on_sqlite(rows_are_dragged_to_their_places),
        on_sqlite(many_are_chosen_from_a_list_that_can_be_narrowed),
        on_sqlite(a_new_form_begins_at_its_first_field),
        on_sqlite(what_was_too_much_is_still_there_when_one_goes_back),
        on_sqlite(what_is_sent_after_the_session_has_ended_is_sent_again).needing(Need::Axe),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

fn a_changed_form_is_not_left_without_a_word(app: &TestApp) {
    let id = app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    app.user("ada").superuser().create();
    let browser = Options::default().watching_dialogs().open();
    log_in(&browser, app, "ada");
    let path = format!("/admin/bookmark/bookmark/{id}/change/");
    let leave = || {
        browser.click(".breadcrumbs li:first-child a");
        browser.arrives_at("/admin/");
        browser.asked_before_leaving()
    };
    browser.visit(app, &path);
    browser.click("#id_title");
    assert!(!leave(), "nothing was changed");

    browser.visit(app, &path);
    browser.fill("#id_title", "The Rust Programming Language");
    assert!(leave(), "what was typed would be lost");

    browser.visit(app, &path);
    browser.fill("#id_title", "The Rust Programming Language");
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/bookmark/bookmark/");
    assert!(!browser.asked_before_leaving(), "it was saved");

    browser.visit(app, &path);
    browser.fill("#id_url", "nowhere");
    browser.click("button[name=_save]");
    eventually("the error is said", || is_seen(&browser, "#id_url_error").then_some(()));
    assert!(!browser.asked_before_leaving(), "it was sent");
    assert!(leave(), "what was refused is not saved yet");
}

fn buttons_fill_in_the_sites_date_and_time(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    app.user("ada").superuser().create();
    let browser = Browser::open();
    browser.move_to("UTC");
    log_in(&browser, &app, "ada");
    browser.visit(&app, "/admin/polls/question/add/");
    assert!(!is_seen(&browser, "#id_close_date_0"), "the dates are folded away");
    browser.click("details.collapse:has(#id_pub_date_0) summary");
    let button =
        |field: &str, fill: &str| browser.click(&format!("p:has(> #id_close_date_{field}) [data-fill='{fill}']"));
    let seoul: TimeZone = "Asia/Seoul".parse().expect("a zone");
    let now = || seoul.local(clock::now());
    let before = now().trunc_subsecs(0);
    button("0", "today");
    button("1", "now");
    let after = now();
    let filled = format!("{} {}", value(&browser, "#id_close_date_0"), value(&browser, "#id_close_date_1"));
    let filled = NaiveDateTime::parse_from_str(&filled, "%Y-%m-%d %H:%M:%S").expect("a date and a time");
    assert!(before <= filled && filled <= after, "{before} {filled} {after}");
    for time in ["00:00:00", "06:00:00", "12:00:00", "18:00:00"] {
        button("1", time);
        assert_eq!(value(&browser, "#id_close_date_1"), time);
    }
    assert_eq!(
        browser.texts(".timezonewarning"),
        ["Dates and times are in the time zone Asia/Seoul. Note: You are 9 hours behind server time."],
    );
}

fn rows_are_added_and_removed(app: &TestApp) {
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/polls/question/add/");
    browser.fill("#id_question_text", "Where to?");
    for (row, text) in ["Seoul", "Busan", "Jeju"].into_iter().enumerate() {
        browser.fill(&format!("#id_choice_set-{row}-choice_text"), text);
    }
    browser.click("#choice_set-group .add-row button");
    assert_eq!(browser.text("return document.activeElement.id"), "id_choice_set-3-choice_text");
    browser.strike("Daegu");
    browser.click("#choice_set-1 .inline-deletelink");
    let names = "return [...document.querySelectorAll('#choice_set-group tbody input[name$=choice_text]')].map(input => input.name + ' ' + input.value)";
    let rows = ["choice_set-0-choice_text Seoul", "choice_set-1-choice_text Jeju", "choice_set-2-choice_text Daegu"];
    assert_eq!(browser.script(names, &json!([])), json!(rows));
    assert_eq!(value(&browser, "#id_choice_set-TOTAL_FORMS"), "3");
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/polls/question/");
    assert_eq!(app.count("polls_choice"), 3);
    assert_eq!(app.count("polls_choice WHERE choice_text = 'Busan'"), 0);
}

fn rows_are_dragged_to_their_places(app: &TestApp) {
    app.user("ada").superuser().create();
    let poll = app.question("When?").choices(["Spring", "Summer", "Autumn", "Winter"]).create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    let path = format!("/admin/polls/question/{}/change/", poll.id);
    browser.visit(app, &path);
    let drag = "
        const [from, to, share] = arguments;
        const rows = [...document.querySelectorAll('.inline-group tbody tr.form-row')];
        const there = rows[to].getBoundingClientRect();
        const send = (target, type, y) => target.dispatchEvent(new PointerEvent(type, { bubbles: true, clientY: y }));
        send(rows[from].querySelector('.handle'), 'pointerdown', 0);
        send(document, 'pointermove', there.top + share * there.height);
        send(document, 'pointerup', 0);";
    browser.script(drag, &json!([3, 0, 0.2]));
    browser.script(drag, &json!([1, 3, 0.8]));
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/polls/question/");
    let shown = || app.get(&poll.detail()).header("Cookie", "fresh=1").expect(200).html().texts(".ballot label bdi");
    assert_eq!(shown(), ["Winter", "Summer", "Autumn", "Spring"]);
    // A new row that was dragged before the others is saved there, and those that are saved stay what they are.
    browser.visit(app, &path);
    browser.click(".add-row button");
    browser.strike("Never");
    let rows = browser.texts(".inline-group tbody tr.form-row").len();
    browser.script(drag, &json!([rows - 1, 0, 0.2]));
    browser.click(".add-row button");
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/polls/question/");
    assert_eq!(shown(), ["Never", "Winter", "Summer", "Autumn", "Spring"]);
}

fn many_are_chosen_from_a_list_that_can_be_narrowed(app: &TestApp) {
    let user = app.user("bob").create();
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, &format!("/admin/auth/user/{user}/change/"));
    browser.click("#id_user_permissions_filter");
    browser.strike("question change");
    let picker = "select[name=user_permissions] + .picker";
    let shown = browser.texts(&format!("{picker} li:not([hidden])"));
    assert_eq!(shown, ["Polls | question | Can change question"]);
    // Enter in the filter does not send the form.
    browser.press(key::ENTER);
    browser.press(key::TAB);
    browser.press(key::SPACE);
    assert!(browser.texts(&format!("{picker} [role=status]")).concat().starts_with("1 of "));
    browser.click("button[name=_save]");
    browser.arrives_at("/admin/auth/user/");
    assert_eq!(app.count(&format!("auth_user_user_permissions WHERE user_id = {user}")), 1);
}

fn what_was_too_much_is_still_there_when_one_goes_back(app: &TestApp) {
    app.user("ada").superuser().create();
    for options in [Options::default(), Options::default().without_javascript()] {
        let browser = options.open();
        log_in(&browser, app, "ada");
        browser.visit(app, "/admin/bookmark/bookmark/add/");
        browser.fill("#id_title", "Typed");
        browser.fill("#id_url", "https://typed.example/");
        let pasted = "const input = Object.assign(document.createElement('textarea'), { name: 'pasted' });
            input.value = 'x'.repeat(2e6);
            document.getElementById('change-form').append(input);";
        browser.script(pasted, &json!([]));
        browser.click("button[name=_save]");
        eventually("it is refused", || is_seen(&browser, ".error-page").then_some(()));
        assert!(browser.texts("main p").concat().contains("what you entered is still there"));
        browser.back();
        browser.arrives_at("/admin/bookmark/bookmark/add/");
        let kept = || (value(&browser, "#id_title"), value(&browser, "#id_url"));
        eventually("it is there", || {
            (kept() == ("Typed".to_owned(), "https://typed.example/".to_owned())).then_some(())
        });
    }
}

fn what_is_sent_after_the_session_has_ended_is_sent_again(app: &TestApp) {
    app.user("ada").superuser().create();
    let (browser, axe) = (Browser::open(), axe());
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/bookmark/bookmark/add/");
    browser.fill("#id_url", "https://typed.example/");
    app.execute("DELETE FROM django_session");
    browser.click("button[name=_save]");
    eventually("it is said", || is_seen(&browser, ".session-lost").then_some(()));
    let found = violations_but(&browser, &axe, &["nonBmp"]);
    assert!(found.is_empty(), "{found:?}");
    let [before] = &browser.windows()[..] else { panic!("one window is open") };
    browser.click("#session-lost-form a");
    let login = eventually("a window opens", || browser.windows().into_iter().find(|window| window != before));
    browser.switch_to(&login);
    browser.arrives_at("/admin/login/");
    browser.fill("#id_username", "ada");
    browser.fill("#id_password", PASSWORD);
    browser.click("#login-form button");
    browser.arrives_at("/admin/");
    browser.switch_to(before);
    browser.click("#session-lost-form button");
    browser.arrives_at("/admin/bookmark/bookmark/");
    assert_eq!(app.count("bookmark_bookmark WHERE url = 'https://typed.example/'"), 1);
}

fn a_new_form_begins_at_its_first_field(app: &TestApp) {
    let id = app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/bookmark/bookmark/add/");
    assert_eq!(browser.text("return document.activeElement.id"), "id_title");
    browser.visit(app, &format!("/admin/bookmark/bookmark/{id}/change/"));
    assert_eq!(browser.text("return document.activeElement.localName"), "body");
}
