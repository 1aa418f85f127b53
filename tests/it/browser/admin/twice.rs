//! One intention counts once, whatever the browser makes of it: impatient fingers at the admin's forms.

use std::time::Duration;

use crate::support::chromium::{Browser, Options, key};
use crate::support::servers::slow_line;
use crate::support::*;

/// Between two clicks, in milliseconds.
const PAUSES: [u64; 5] = [30, 60, 90, 120, 150];

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(two_clicks_or_enters_save_once),
        on_sqlite(two_clicks_or_enters_save_once_without_javascript),
        on_sqlite(two_clicks_on_what_is_no_save_do_it_once),
        on_sqlite(two_clicks_on_what_is_no_save_do_it_once_without_javascript),
        on_sqlite(stop_and_save_again_save_once),
        on_sqlite(back_and_save_again_save_once),
        on_sqlite(two_clicks_on_a_new_password_leave_one_logged_in),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

/// A browser that is 25 ms away from the program, each way, and somebody who has logged in there.
struct Far {
    browser: Browser,
    origin: String,
}

const ADD: &str = "/admin/polls/question/add/";
const LIST: &str = "/admin/polls/question/";
const SAVE: &str = "button[name=_save]";

impl Far {
    #[track_caller]
    fn from(app: &TestApp, options: Options) -> Self {
        app.user("ada").superuser().create();
        let port = slow_line(app.tcp(), Duration::from_millis(25));
        let far = Self { browser: options.open(), origin: format!("http://127.0.0.1:{port}") };
        far.visit("/admin/login/");
        far.browser.fill("#id_username", "ada");
        far.browser.fill("#id_password", PASSWORD);
        far.browser.click("#login-form button");
        far.browser.arrives_at("/admin/");
        far
    }

    #[track_caller]
    fn visit(&self, path: &str) {
        self.browser.visit_url(&format!("{}{path}", self.origin));
    }

    fn messages(&self) -> Vec<String> {
        self.browser.texts(".messagelist li > span")
    }

    /// The one message that is shown, and shown once.
    #[track_caller]
    fn is_told_once(&self, said: &str, how: &str) {
        let messages = self.messages();
        assert!(matches!(messages.as_slice(), [one] if one.contains(said)), "{how}: {messages:?}");
        self.visit("/admin/");
        assert_eq!(self.messages(), Vec::<String>::new(), "{how}");
    }
}

#[track_caller]
fn saves_once(app: &TestApp, options: Options) {
    let far = Far::from(app, options);
    for pause in PAUSES {
        for on_keyboard in [false, true] {
            let (text, how) = (format!("After {pause}, {on_keyboard}?"), format!("{pause} ms, Enter: {on_keyboard}"));
            far.visit(ADD);
            far.browser.fill("#id_question_text", &text);
            if on_keyboard {
                far.browser.press_twice(key::ENTER, pause);
            } else {
                far.browser.click_twice(SAVE, pause);
            }
            far.browser.arrives_at(LIST);
            assert_eq!(app.count(&format!("polls_question WHERE question_text = '{text}'")), 1, "{how}");
            far.is_told_once("was added successfully", &how);
        }
    }
}

fn two_clicks_or_enters_save_once(app: &TestApp) {
    saves_once(app, Options::default());
}

fn two_clicks_or_enters_save_once_without_javascript(app: &TestApp) {
    saves_once(app, Options::default().without_javascript());
}

#[track_caller]
fn does_once(app: &TestApp, options: Options) {
    let far = Far::from(app, options);
    for pause in PAUSES {
        let how = format!("{pause} ms");
        let id = app.bookmark(Some("Title"), &format!("https://example.com/{pause}"));
        far.visit(&format!("/admin/bookmark/bookmark/{id}/delete/"));
        far.browser.click_twice("main form .danger", pause);
        far.browser.arrives_at("/admin/bookmark/bookmark/");
        assert_eq!(app.count("bookmark_bookmark"), 0, "{how}");
        // The button beside the message.
        far.browser.click_twice(".messagelist button", pause);
        far.browser.arrives_at(&format!("/admin/bookmark/bookmark/{id}/change/"));
        assert_eq!(app.count("bookmark_bookmark"), 1, "{how}");
        far.is_told_once("is as it was before", &how);
        far.visit("/admin/bookmark/bookmark/");
        far.browser.click(".action-select");
        far.browser.click("select[name=action] option[value=delete_selected]");
        far.browser.click(".actions button:not(.close)");
        far.browser.arrives_at("/admin/bookmark/bookmark/");
        far.browser.click_twice("main form .danger", pause);
        far.browser.arrives_at("/admin/bookmark/bookmark/");
        assert_eq!(app.count("bookmark_bookmark"), 0, "{how}");
        far.is_told_once("Successfully deleted 1", &how);
    }
}

fn two_clicks_on_what_is_no_save_do_it_once(app: &TestApp) {
    does_once(app, Options::default());
}

fn two_clicks_on_what_is_no_save_do_it_once_without_javascript(app: &TestApp) {
    does_once(app, Options::default().without_javascript());
}

fn stop_and_save_again_save_once(app: &TestApp) {
    let far = Far::from(app, Options::default());
    far.visit(ADD);
    far.browser.fill("#id_question_text", "Why?");
    let stop_and_save = "document.querySelector('[name=_save]').click(); \
                         setTimeout(() => { window.stop(); setTimeout(() => document.querySelector('[name=_save]').click(), 500) }, 35)";
    far.browser.click("#id_question_text");
    far.browser.script(stop_and_save, &serde_json::json!([]));
    far.browser.arrives_at(LIST);
    assert_eq!(app.count("polls_question"), 1);
    far.is_told_once("was added successfully", "Stop, and Save again");
}

fn back_and_save_again_save_once(app: &TestApp) {
    let far = Far::from(app, Options::default());
    far.visit(ADD);
    far.browser.fill("#id_question_text", "Why?");
    far.browser.click(SAVE);
    far.browser.arrives_at(LIST);
    far.browser.back();
    far.browser.arrives_at(ADD);
    far.browser.click(SAVE);
    far.browser.arrives_at(LIST);
    assert_eq!(app.count("polls_question"), 1);
    far.is_told_once("was added successfully", "Back, and Save again");
    // Another one is begun by the link, also with the same text.
    far.visit(ADD);
    far.browser.fill("#id_question_text", "Why?");
    far.browser.click(SAVE);
    far.browser.arrives_at(LIST);
    assert_eq!(app.count("polls_question"), 2);
}

fn two_clicks_on_a_new_password_leave_one_logged_in(app: &TestApp) {
    let far = Far::from(app, Options::default());
    let mut old = PASSWORD.to_owned();
    for pause in PAUSES {
        let new = format!("another good phrase {pause}");
        far.visit("/admin/password_change/");
        far.browser.fill("#id_old_password", &old);
        far.browser.fill("#id_new_password1", &new);
        far.browser.fill("#id_new_password2", &new);
        far.browser.click_twice("form:has(#id_old_password) button", pause);
        far.browser.arrives_at("/admin/password_change/done/");
        far.visit("/admin/password_change/");
        far.browser.fill("#id_password", &new);
        far.browser.click_twice("form[action$='/everywhere/'] button", pause);
        far.browser.arrives_at("/admin/password_change/");
        assert_eq!(far.messages().len(), 1, "{pause} ms: {:?}", far.messages());
        old = new;
    }
}
