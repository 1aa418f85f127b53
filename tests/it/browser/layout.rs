//! Every page fits, small or magnified, and the console has nothing to say.

use serde_json::json;

use super::pages::{self, complaints, switch_language};
use crate::support::chromium::{Browser, Options};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(no_page_scrolls_sideways),
        on_sqlite(the_console_stays_empty),
        on_sqlite(no_page_fails_over_plain_http),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

/// Width, height and scale: small telephones, and a window of 1280 by 1024 magnified to 200 % and to 400 %.
const WINDOWS: [(u32, u32, u32); 4] = [(320, 640, 1), (360, 740, 1), (640, 512, 2), (320, 256, 4)];

fn no_page_scrolls_sideways(app: &TestApp) {
    let (browser, pages) = (Browser::open(), pages::all(app));
    for (width, height, scale) in WINDOWS {
        browser.resize(width, height, scale);
        for language in ["en", "ko"] {
            browser.visit(app, "/");
            switch_language(&browser, language, "/");
            for page in &pages {
                page.show(&browser, app);
                let wide = browser.script(TOO_WIDE, &json!([]));
                assert_eq!(wide, json!([]), "{page} in {language}, {width} by {height}");
            }
        }
    }
}

/// The page where it is wider than its window, and whatever reaches out of the window or is cut off.
const TOO_WIDE: &str = "
    const page = document.scrollingElement;
    const reaches = element => element.getBoundingClientRect().right > page.clientWidth + 0.5;
    const cut = element => getComputedStyle(element).overflowX !== 'visible'
        && element.clientWidth > 1 && element.scrollWidth > element.clientWidth;
    const wide = Array.from(document.querySelectorAll('body, body *:not(svg *)')).filter(
        element => reaches(element) || cut(element));
    return [page, ...wide].filter(element => element !== page || page.scrollWidth > page.clientWidth)
        .map(element => element.outerHTML.slice(0, 200));";

fn the_console_stays_empty(app: &TestApp) {
    let pages = pages::all(app);
    for browser in [Browser::open(), Options::default().without_javascript().open()] {
        for page in &pages {
            page.show(&browser, app);
            assert_eq!(complaints(&browser), Vec::<String>::new(), "{page}");
        }
    }
}

fn no_page_fails_over_plain_http(app: &TestApp) {
    let browser = Options::default().host(HOST, app.port()).open();
    browser.visit_url(&format!("http://{HOST}/"));
    // The header is sent whatever the scheme; Chromium remarks that it heeds it over TLS alone.
    let mut complaints = complaints(&browser);
    complaints.retain(|complaint| !complaint.contains("Cross-Origin-Opener-Policy header has been ignored"));
    assert_eq!(complaints, Vec::<String>::new());
}
