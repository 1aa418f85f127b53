//! A visitor votes without a mouse.

use serde_json::{Value, json};

use super::pages::{self, complaints};
use crate::support::chromium::{Browser, Options, key};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(a_visitor_votes_with_the_keyboard),
        on_sqlite(a_visitor_votes_with_the_keyboard_without_javascript),
        on_sqlite(after_an_error_the_keyboard_goes_on),
        on_sqlite(the_first_tab_offers_to_skip_to_the_content),
        on_sqlite(whatever_has_the_focus_shows_it),
        on_sqlite(an_element_without_focus_is_found),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

fn a_visitor_votes_with_the_keyboard(app: &TestApp) {
    votes(&Browser::open(), app);
}

fn a_visitor_votes_with_the_keyboard_without_javascript(app: &TestApp) {
    votes(&Options::default().without_javascript().open(), app);
}

#[track_caller]
fn votes(browser: &Browser, app: &TestApp) {
    let poll = app.poll();
    browser.visit(app, "/");
    follow(browser, "main a[href='/polls/']");
    browser.arrives_at("/polls/");
    follow(browser, "main li a");
    browser.arrives_at(&poll.detail());
    tab_to(browser, "input[name=choice]");
    browser.press(key::SPACE);
    assert_eq!(chosen(browser), poll.value(0));
    browser.press(key::DOWN);
    assert_eq!(chosen(browser), poll.value(1));
    browser.press(key::DOWN);
    assert_eq!(chosen(browser), poll.value(2));
    follow(browser, ".ballot button");
    browser.arrives_at(&poll.results());
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 0, 1], vec![0, 0, 1]));
    assert_eq!(complaints(browser), Vec::<String>::new());
}

fn after_an_error_the_keyboard_goes_on(app: &TestApp) {
    let (browser, poll) = (Browser::open(), app.poll());
    browser.visit(app, &poll.detail());
    follow(&browser, ".ballot button");
    browser.arrives_at(&poll.vote());
    tab_to(&browser, "input[name=choice]");
    browser.press(key::SPACE);
    // Enter in a field sends its form.
    browser.press(key::ENTER);
    browser.arrives_at(&poll.results());
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

fn the_first_tab_offers_to_skip_to_the_content(app: &TestApp) {
    let (browser, poll) = (Browser::open(), app.poll());
    browser.visit(app, &poll.detail());
    browser.press(key::TAB);
    assert!(focused(&browser, "a.skip"));
    shows_focus(&browser, &poll.detail());
    browser.press(key::ENTER);
    eventually("the address names the content", || (browser.text("return location.hash") == "#content").then_some(()));
    browser.press(key::TAB);
    assert!(focused(&browser, "main input[name=choice]"), "the next stop is the first one of the content");
}

fn whatever_has_the_focus_shows_it(app: &TestApp) {
    let browser = Browser::open();
    for page in pages::all(app) {
        page.show(&browser, app);
        every_stop_shows_focus(&browser, &page.to_string());
    }
}

/// From the first stop of a page to the last, which is in the footer; a pop-up has none and ends with its form.
#[track_caller]
pub fn every_stop_shows_focus(browser: &Browser, page: &str) {
    for _ in 0..200 {
        browser.press(key::TAB);
        let [is_last, shown, is_body] = focus(browser, "footer button:last-of-type, body:not(:has(footer))");
        if !(shown || is_last && is_body) {
            shows_focus(browser, page);
        }
        if is_last {
            return;
        }
    }
    panic!("{page}: Tab never comes to the end");
}

/// The same for every element that Tab can reach, by one script: a page of the admin has a hundred of them, and each
/// press of the key takes a browser as long as a page. That Tab leads on to the end is seen where a journey is made.
#[track_caller]
pub fn every_element_shows_focus(browser: &Browser, page: &str) {
    // Since the key was the last thing that was used, the browser shows the focus.
    browser.press(key::TAB);
    assert_eq!(without_focus(browser), json!([]), "{page}: the focus does not show");
}

/// The elements that Tab can reach and that do not show the focus when they have it.
#[track_caller]
fn without_focus(browser: &Browser) -> Value {
    let script = format!(
        "const shown = {SHOWN};
        const reachable = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
            .filter(element => element.tabIndex >= 0 && !element.disabled && element.checkVisibility({{ visibilityProperty: true }}));
        const frame = () => new Promise(requestAnimationFrame);
        const look = async element => {{
            element.focus({{ focusVisible: true }});
            for (let frames = 0; frames < 60; frames++) {{
                if (document.activeElement === element && shown(element)) return [];
                await frame();
            }}
            return [element.outerHTML.slice(0, 200)];
        }};
        const found = [];
        for (const element of reachable) found.push(...await look(element));
        return found;"
    );
    browser.script(&format!("return (async () => {{ {script} }})()"), &json!([]))
}

fn an_element_without_focus_is_found() {
    let browser = Browser::open();
    let style = "<style>a:focus { outline: 3px solid } button { outline: none !important }</style>";
    browser.visit_url(&format!("data:text/html,{style}<a href='x'>seen</a><button>unseen</button>"));
    browser.press(key::TAB);
    assert_eq!(without_focus(&browser), json!(["<button>unseen</button>"]));
}

/// Goes to a link or a button by Tab, and follows it by Enter.
#[track_caller]
pub fn follow(browser: &Browser, selector: &str) {
    tab_to(browser, selector);
    browser.press(key::ENTER);
}

#[track_caller]
pub fn tab_to(browser: &Browser, selector: &str) {
    let mut is_first = true;
    for _ in 0..200 {
        let [is_there, shown, _] = focus(browser, selector);
        if !shown && (is_there || !is_first) {
            shows_focus(browser, selector);
        }
        if is_there {
            return;
        }
        is_first = false;
        browser.press(key::TAB);
    }
    panic!("Tab never comes to {selector}");
}

#[track_caller]
fn focused(browser: &Browser, selector: &str) -> bool {
    focus(browser, selector)[0]
}

/// Whether it shows that an element has the focus: by an outline of two pixels at least around the element, what it
/// spreads over, or its label; all of it in sight.
const SHOWN: &str = "(element => {
    const outlined = (part, pseudo) => {
        const style = getComputedStyle(part, pseudo);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    const label = element.closest('label');
    const box = element.getBoundingClientRect();
    const reached = box.bottom > 0 && box.top < innerHeight && box.left >= 0 && box.right <= innerWidth;
    return reached && (outlined(element) || outlined(element, '::after') || Boolean(label && outlined(label)));
})";

/// Whether a selector has the focus, whether that shows, and whether nothing but the page has it.
#[track_caller]
fn focus(browser: &Browser, selector: &str) -> [bool; 3] {
    let script = format!(
        "const element = document.activeElement;
        return [element.matches(arguments[0]), {SHOWN}(element), element === document.body];"
    );
    let found = browser.script(&script, &json!([selector]));
    [0, 1, 2].map(|index| found[index] == true)
}

/// Waits until it does.
#[track_caller]
fn shows_focus(browser: &Browser, context: &str) {
    let element = browser.text("return document.activeElement.outerHTML.slice(0, 200)");
    eventually(&format!("the focus shows ({context}): {element}"), || focus(browser, "*")[1].then_some(()));
}

#[track_caller]
fn chosen(browser: &Browser) -> String {
    browser.text("return document.querySelector('input:checked').value")
}
