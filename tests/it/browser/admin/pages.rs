//! What holds for every page of the admin.

use std::cell::RefCell;

use serde_json::json;

use super::tour::{WINDOW, every_page};
use crate::browser::accessibility::{axe, violations_in};
use crate::browser::keyboard::every_element_shows_focus;
use crate::browser::pages::{complaints, switch_language};
use crate::support::chromium::Browser;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let accessible = [
        on_sqlite(every_page_of_the_admin_is_accessible_and_fits_in_english),
        on_sqlite(every_page_of_the_admin_is_accessible_and_fits_in_korean),
        on_sqlite(the_page_of_the_first_administrator_has_no_violation),
    ];
    let accessible = accessible.map(|test| test.needing(Need::Chromium).needing(Need::Axe));
    let focus = on_sqlite(whatever_has_the_focus_in_the_admin_shows_it).needing(Need::Chromium);
    accessible.into_iter().chain([focus]).collect()
}

fn every_page_of_the_admin_is_accessible_and_fits_in_english(app: &TestApp) {
    is_accessible_and_fits(app, "en");
}

fn every_page_of_the_admin_is_accessible_and_fits_in_korean(app: &TestApp) {
    is_accessible_and_fits(app, "ko");
}

/// No page has a violation of axe-core's rules, scrolls sideways in any window, or complains in the browser's console.
/// One tour for all of it, since the way to each page takes longer than to look at it.
#[track_caller]
fn is_accessible_and_fits(app: &TestApp, language: &str) {
    let (browser, axe, found) = (Browser::open(), axe(), RefCell::new(Vec::new()));
    every_page(app, &browser, language, &|page| {
        look(&browser, &axe, page, &found);
        fits_and_is_quiet(&browser, page, &found);
    });
    assert!(found.borrow().is_empty(), "{}", found.borrow().join("\n"));
}

/// Where axe-core cannot say what a colour is: of a symbol, of an empty input, and in a box that scrolls or
/// a layer over the page.
const UNDECIDABLE: [&str; 4] = ["nonBmp", "emptyValue", "bgOverlap", "elmPartiallyObscured"];

/// Once in each theme.
fn look(browser: &Browser, axe: &str, page: &str, found: &RefCell<Vec<String>>) {
    for color_scheme in ["light", "dark"] {
        browser.prefer(color_scheme);
        let violations = violations_in(browser, axe, color_scheme, &UNDECIDABLE);
        found.borrow_mut().extend(violations.iter().map(|violation| format!("{page}, {color_scheme}: {violation}")));
    }
}

fn the_page_of_the_first_administrator_has_no_violation(setup: Setup) {
    let app = setup.development().start();
    let line = app.stdout.wait_for("/admin/setup/");
    let token = line.split("/admin/setup/").nth(1).and_then(|rest| rest.split('/').next()).expect("a token");
    let (browser, axe, found) = (Browser::open(), axe(), RefCell::new(Vec::new()));
    for language in ["en", "ko"] {
        browser.visit(&app, "/");
        switch_language(&browser, language, "/");
        browser.visit(&app, &format!("/admin/setup/{token}/"));
        look(&browser, &axe, language, &found);
        for (input, text) in [("#id_username", "a b"), ("#id_password1", "1"), ("#id_password2", "2")] {
            browser.fill(input, text);
        }
        browser.click("main form button");
        eventually("what is wrong is said", || (!browser.texts(".errorlist").is_empty()).then_some(()));
        look(&browser, &axe, &format!("{language}, with errors"), &found);
    }
    assert!(found.borrow().is_empty(), "{}", found.borrow().join("\n"));
}

/// Where the page is wider than its window, whatever reaches out of it.
const TOO_WIDE: &str = "
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth) return [];
    const reaches = element => element.getBoundingClientRect().right > page.clientWidth;
    return [page, ...document.querySelectorAll('body *')].filter((element, index) => index === 0 || reaches(element))
        .map(element => element.outerHTML.slice(0, 100));";

fn fits_and_is_quiet(browser: &Browser, page: &str, found: &RefCell<Vec<String>>) {
    for (width, height, scale) in [(320, 640, 1), (360, 740, 1), (640, 512, 2), WINDOW] {
        browser.resize(width, height, scale);
        eventually("the window has its width", || {
            (browser.script("return innerWidth", &json!([])) == width).then_some(())
        });
        let wide = browser.script(TOO_WIDE, &json!([]));
        if wide != json!([]) {
            found.borrow_mut().push(format!("{page} scrolls sideways at {width}: {wide}"));
        }
    }
    let mut said = complaints(browser);
    said.retain(|line| !["403", "409"].iter().any(|status| line.contains(&format!("a status of {status} "))));
    found.borrow_mut().extend(said.iter().map(|line| format!("{page}: {line}")));
}

fn whatever_has_the_focus_in_the_admin_shows_it(app: &TestApp) {
    let browser = Browser::open();
    every_page(app, &browser, "en", &|page| every_element_shows_focus(&browser, page));
}
