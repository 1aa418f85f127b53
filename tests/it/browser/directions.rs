//! Texts that are written from right to left order nothing of ours around them.

use serde_json::{Value, json};

use super::admin::hands::log_in;
use crate::support::chromium::Browser;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [on_sqlite(a_text_keeps_its_direction_to_itself), on_sqlite(sentences_keep_their_order)];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

/// Hebrew and a number; Arabic; an override that nothing ends; one end of an isolation too many.
const TEXTS: [&str; 4] = ["שלום 123", "مرحبا (1)", "a\u{202e}bc", "\u{2069}שלום"];

/// Lays out some words in an element as the user's text and ours beside it, and says what of ours has moved: every
/// character of a text node outside of `bdi` must stand to the right of the one before it in its line.
const MOVED: &str = r"
    const moved = [];
    for (const element of document.querySelectorAll(arguments[0])) {
        const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
        let last = null;
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
            const theirs = node.parentElement.closest('bdi, [dir=auto]') !== null;
            const range = document.createRange();
            range.selectNodeContents(node);
            const whole = range.getBoundingClientRect();
            const boxes = theirs ? [whole] : [...node.data].map((_, at) => {
                range.setStart(node, at);
                range.setEnd(node, at + 1);
                return range.getBoundingClientRect();
            });
            for (const box of boxes) {
                if (!box.width) continue;
                const isSameLine = last && Math.abs(last.bottom - box.bottom) < box.height / 2;
                if (isSameLine && box.left < last.right - 1) moved.push([element.innerText, node.data, box.left, last.right]);
                last = box;
            }
        }
    }
    return moved;";

#[track_caller]
fn expect_order(browser: &Browser, selector: &str) {
    let count = browser.script("return document.querySelectorAll(arguments[0]).length", &json!([selector]));
    assert_ne!(count, 0, "{selector}");
    assert_eq!(browser.script(MOVED, &json!([selector])), json!([]), "{selector}");
}

fn a_text_keeps_its_direction_to_itself(app: &TestApp) {
    let browser = Browser::open();
    browser.resize(1280, 1024, 1);
    let poll = app.question(TEXTS[0]).choices(TEXTS).choice_with_votes("Plain", 3).create();
    for text in TEXTS {
        app.question(text).create();
        app.bookmark(Some(text), &format!("https://example.org/{text}").replace(' ', ""));
    }
    for (path, selectors) in [
        ("/polls/".to_owned(), &[".cards li", ".cards li .note"][..]),
        (poll.detail(), &["label.choice", "form.ballot", "h1 + .note"]),
        (poll.results(), &[".results tbody tr", ".total"]),
        ("/bookmark/".to_owned(), &[".cards li"]),
    ] {
        browser.visit(app, &path);
        for selector in selectors {
            expect_order(&browser, selector);
        }
    }
    // The button of a ballot stands left of its text, the number right of it, whatever the text.
    browser.visit(app, &poll.detail());
    let left = "return Array.from(document.querySelectorAll('label.choice'), label =>
        label.querySelector('input').getBoundingClientRect().right <= label.querySelector('bdi').getBoundingClientRect().left)";
    assert_eq!(browser.script(left, &json!([])), json!([true, true, true, true, true]));
    browser.visit(app, &poll.results_as_written());
    let right = "return Array.from(document.querySelectorAll('.results tbody tr'), row =>
        row.querySelector('.votes').innerText)";
    assert_eq!(browser.script(right, &json!([])), json!(["0 votes", "0 votes", "0 votes", "0 votes", "3 votes"]));
    // The title of the page ends as every title does.
    assert_eq!(browser.text("return document.title"), "\u{2068}\u{2068}שלום 123\u{2069} · Results\u{2069} · Polls");
}

fn sentences_keep_their_order(app: &TestApp) {
    let browser = Browser::open();
    browser.resize(1280, 1024, 1);
    app.administrator("ada");
    log_in(&browser, app, "ada");
    for text in TEXTS {
        let poll = app.question(text).choices([text]).create();
        let object = format!("/admin/polls/question/{}/", poll.id);
        browser.visit(app, &format!("{object}delete/"));
        expect_order(&browser, ".doomed > li > .quiet");
        let asked = "return document.querySelector('main p').textContent";
        let Value::String(asked) = browser.script(asked, &json!([])) else { panic!("no question") };
        assert!(asked.contains("“\u{2068}") && asked.contains("\u{2069}”?"), "{}", asked.escape_unicode());
        browser.visit(app, &format!("{object}change/"));
        browser.click("[name=_continue]");
        browser.arrives_at(&format!("{object}change/"));
        expect_order(&browser, ".breadcrumbs, #content h1");
        let message = browser.text("return document.querySelector('.messagelist span').textContent");
        assert!(message.contains("“\u{2068}") && message.contains("\u{2069}” was"), "{}", message.escape_unicode());
    }
    browser.visit(app, "/admin/polls/choice/");
    expect_order(&browser, "#result_list tbody tr");
}
