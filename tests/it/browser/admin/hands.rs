//! What a person does at a page, with the mouse or without one.

use serde_json::json;

use crate::browser::keyboard::{follow, tab_to};
use crate::support::chromium::Browser;
use crate::support::*;

/// Somebody's hands at a browser.
pub struct Hands<'a> {
    pub browser: &'a Browser,
    pub on_keyboard: bool,
}

impl Hands<'_> {
    /// Follows a link, or presses a button.
    #[track_caller]
    pub fn press(&self, selector: &str) {
        if self.on_keyboard { follow(self.browser, selector) } else { self.browser.click(selector) }
    }

    /// Replaces what an input holds; Tab marks all that is in it.
    #[track_caller]
    pub fn fill(&self, selector: &str, text: &str) {
        if !self.on_keyboard {
            return self.browser.fill(selector, text);
        }
        tab_to(self.browser, selector);
        self.browser.strike(text);
    }

    #[track_caller]
    pub fn log_in(&self, app: &TestApp, username: &str) {
        self.browser.visit(app, "/admin/login/");
        self.fill("#id_username", username);
        self.fill("#id_password", PASSWORD);
        self.press("#login-form button");
        self.browser.arrives_at("/admin/");
    }
}

/// Logs in with the mouse.
#[track_caller]
pub fn log_in(browser: &Browser, app: &TestApp, username: &str) {
    Hands { browser, on_keyboard: false }.log_in(app, username);
}

/// What an input holds.
#[track_caller]
pub fn value(browser: &Browser, selector: &str) -> String {
    let value = browser.script("return document.querySelector(arguments[0]).value", &json!([selector]));
    value.as_str().unwrap_or_default().to_owned()
}

/// Whether an element is seen.
#[track_caller]
pub fn is_seen(browser: &Browser, selector: &str) -> bool {
    let seen = "return document.querySelector(arguments[0])?.checkVisibility() ?? false";
    browser.script(seen, &json!([selector])) == true
}
