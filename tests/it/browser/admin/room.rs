//! What is in sight and can be pressed: rows of a list, numbers and words in one piece, the buttons of a form, the focus.

use serde_json::json;

use super::hands::{is_seen, log_in};
use crate::support::chromium::{Browser, Options, key};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(fifteen_rows_are_in_sight_on_a_small_laptop),
        on_sqlite(on_a_telephone_the_first_row_begins_in_the_upper_part),
        on_sqlite(on_a_telephone_all_that_a_list_can_do_is_a_button_away),
        on_sqlite(numbers_and_short_words_stay_in_one_piece),
        on_sqlite(nothing_lies_over_what_can_be_pressed),
        on_sqlite(after_an_error_the_focus_is_on_what_is_said_of_it),
        on_sqlite(after_an_error_the_focus_is_there_without_javascript_as_well),
        on_sqlite(tab_goes_from_choice_to_choice),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

/// Where the rows of a list begin, how high they are, and how many are seen whole.
const ROWS: &str = "
    const rows = [...document.querySelectorAll('#result_list tbody tr')].map(row => row.getBoundingClientRect());
    return [rows[0].top, Math.max(...rows.map(row => row.height)), rows.filter(row => row.bottom <= innerHeight).length];";

fn rows(browser: &Browser) -> [f64; 3] {
    let found = browser.script(ROWS, &json!([]));
    [0, 1, 2].map(|index| found[index].as_f64().expect("a number"))
}

/// A site with a list of questions, in a language.
fn list(app: &TestApp, language: &str, (width, height): (u32, u32)) -> Browser {
    let browser = Browser::open();
    browser.visit(app, "/admin/login/");
    crate::browser::pages::switch_language(&browser, language, "/admin/login/");
    log_in(&browser, app, "ada");
    browser.resize(width, height, 1);
    browser.visit(app, "/admin/polls/question/");
    browser
}

fn questions(app: &TestApp) {
    for number in 10..40 {
        app.execute(&format!(
            "INSERT INTO polls_question (question_text, pub_date, close_date) VALUES ('Question {number}?', \
             '2026-09-22 12:34:00', '2026-11-{} 23:59:00')",
            number % 20 + 10,
        ));
    }
    app.user("ada").superuser().create();
}

fn fifteen_rows_are_in_sight_on_a_small_laptop(app: &TestApp) {
    questions(app);
    for language in ["en", "ko"] {
        let browser = list(app, language, (1366, 768));
        let [_, height, whole] = rows(&browser);
        assert!(height <= 33.0 && whole >= 15.0, "{language}: {whole} rows of {height} pixels");
    }
}

fn on_a_telephone_the_first_row_begins_in_the_upper_part(app: &TestApp) {
    questions(app);
    for language in ["en", "ko"] {
        for (list, query) in [("question", ""), ("question", "?state=closed"), ("choice", "")] {
            app.poll();
            let browser = self::list(app, language, (360, 740));
            browser.visit(app, &format!("/admin/polls/{list}/{query}"));
            let [top, ..] = rows(&browser);
            assert!(top <= 740.0 * 0.4, "{language} {list}{query}: the first row begins at {top}");
        }
    }
}

fn on_a_telephone_all_that_a_list_can_do_is_a_button_away(app: &TestApp) {
    questions(app);
    for options in [Options::default(), Options::default().without_javascript()] {
        let browser = options.open();
        log_in(&browser, app, "ada");
        browser.resize(360, 740, 1);
        browser.visit(app, "/admin/polls/question/");
        for layer in ["changelist-search", "changelist-dates", "changelist-actions", "user-tools"] {
            assert!(!is_seen(&browser, &format!("#{layer}")), "{layer}");
            browser.click(&format!(".layer-toggle[popovertarget={layer}]"));
            assert!(is_seen(&browser, &format!("#{layer}")), "{layer}");
            browser.press(key::ESCAPE);
        }
        browser.click("tbody tr:first-child .action-select");
        browser.click(".layer-toggle[popovertarget=changelist-actions]");
        browser.click("option[value=close_now]");
        browser.click("button[name=index]");
        browser.arrives_at("/admin/polls/question/");
        browser.click(".layer-toggle[popovertarget=changelist-search]");
        browser.fill("#searchbar", "Question 12");
        browser.click("#changelist-search .button");
        browser.arrives_at("/admin/polls/question/?q=Question+12");
        assert_eq!(browser.texts("#result_list tbody th"), ["Question 12?"]);
        browser.click(".layer-toggle[popovertarget=user-tools]");
        browser.click("#logout-form button");
        browser.arrives_at("/admin/logout/");
    }
}

/// Numbers and words of no more than twelve signs that are broken into lines within a table.
const BROKEN: &str = "
    const broken = [];
    const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (!node.parentElement.closest('table') || !node.parentElement.checkVisibility()) continue;
        for (const word of node.data.matchAll(/\\S+/g)) {
            if (word[0].length > 12) continue;
            const range = document.createRange();
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map(rect => Math.round(rect.top))).size > 1) broken.push(word[0]);
        }
    }
    return broken;";

fn numbers_and_short_words_stay_in_one_piece(app: &TestApp) {
    let word = "Donaudampfschifffahrt".repeat(4);
    let poll = app.question(&word).choice_with_votes(&word, 1_000_000).choices(["No"]).create();
    app.bookmark(Some(&word), &format!("https://example.org/{word}"));
    let ada = app.administrator("administrator");
    let form = format!("/admin/polls/question/{}/change/", poll.id);
    ada.submit(&form, &[("question_text", &format!("{word} {word}?"))]).expect(303);
    ada.submit(&form, &[("question_text", &format!("{word}?"))]).expect(303);
    let browser = Browser::open();
    log_in(&browser, app, "administrator");
    for path in [
        "/admin/polls/question/",
        "/admin/polls/choice/",
        "/admin/bookmark/bookmark/",
        "/admin/auth/user/",
        "/admin/admin/logentry/",
        &form,
        &form.replace("change", "history"),
        &form.replace("change", "delete"),
        "/admin/",
    ] {
        for width in [320, 360, 640, 768, 1024, 1280, 1366] {
            browser.resize(width, 768, 1);
            browser.visit(app, path);
            assert_eq!(browser.script(BROKEN, &json!([])), json!([]), "{path} at {width}");
        }
    }
}

/// What is in sight and yet does not take the click in its middle, wherever the page is scrolled to.
const COVERED: &str = "
    const covered = [];
    const controls = [...document.querySelectorAll('main :is(a, button, input, select, textarea, summary):not([aria-hidden])')];
    for (let top = 0; top <= document.scrollingElement.scrollHeight; top += 40) {
        scrollTo(0, top);
        for (const control of controls.filter(control => control.checkVisibility())) {
            const box = control.getBoundingClientRect();
            const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
            if (!box.width || y <= 1 || y >= innerHeight - 1 || x <= 1 || x >= innerWidth - 1) continue;
            const hit = document.elementFromPoint(x, y);
            if (hit !== control && !control.contains(hit) && !hit?.contains(control)) covered.push(`${top}: ${control.outerHTML.slice(0, 80)}`);
        }
    }
    return covered;";

fn nothing_lies_over_what_can_be_pressed(app: &TestApp) {
    let poll = app.question("How many?").choices(["1", "2", "3", "4", "5", "6", "7", "8"]).create();
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    for (width, height) in [(1366, 768), (1280, 600), (768, 1024), (360, 740)] {
        browser.resize(width, height, 1);
        for path in ["add".to_owned(), format!("{}/change", poll.id)] {
            browser.visit(app, &format!("/admin/polls/question/{path}/"));
            assert_eq!(browser.script(COVERED, &json!([])), json!([]), "{path} at {width} x {height}");
        }
    }
}

fn after_an_error_the_focus_is_on_what_is_said_of_it(app: &TestApp) {
    the_focus_is_on_the_error(app, &Browser::open());
}

fn after_an_error_the_focus_is_there_without_javascript_as_well(app: &TestApp) {
    the_focus_is_on_the_error(app, &Options::default().without_javascript().open());
}

#[track_caller]
fn the_focus_is_on_the_error(app: &TestApp, browser: &Browser) {
    app.user("ada").superuser().create();
    log_in(browser, app, "ada");
    browser.visit(app, "/admin/bookmark/bookmark/add/");
    browser.fill("#id_url", "nowhere");
    browser.click("button[name=_save]");
    eventually("the error has the focus", || {
        (browser.text("return document.activeElement.className") == "error-summary").then_some(())
    });
    assert!(browser.text("return document.title").starts_with("Error: "));
    browser.press(key::TAB);
    browser.press(key::ENTER);
    eventually("the field has the focus", || {
        (browser.text("return document.activeElement.id") == "id_url").then_some(())
    });
}

fn tab_goes_from_choice_to_choice(app: &TestApp) {
    app.user("ada").superuser().create();
    let browser = Browser::open();
    log_in(&browser, app, "ada");
    browser.visit(app, "/admin/polls/question/add/");
    let focused = || browser.text("const { id, className } = document.activeElement; return id || className");
    browser.click("#id_choice_set-0-choice_text");
    for index in 0..3 {
        assert_eq!(focused(), format!("id_choice_set-{index}-choice_text"));
        browser.strike("Choice");
        browser.press(key::TAB);
    }
    // Then one of the buttons that remove, and by arrows the others.
    let row = || browser.text("return document.activeElement.closest('tr')?.id ?? ''");
    assert_eq!((focused().as_str(), row().as_str()), ("inline-deletelink", "choice_set-2"));
    browser.press('\u{e013}');
    browser.press('\u{e013}');
    assert_eq!(row(), "choice_set-0");
    browser.press(key::ENTER);
    let left = "return document.querySelectorAll('#choice_set-group tbody tr').length";
    assert_eq!(browser.script(left, &json!([])), 2);
    assert_eq!(focused(), "id_choice_set-0-choice_text");
    browser.press(key::TAB);
    browser.press(key::TAB);
    assert_eq!((focused().as_str(), row().as_str()), ("inline-deletelink", "choice_set-1"));
    browser.press(key::TAB);
    assert!(browser.script("return document.activeElement.matches('.add-row button')", &json!([])) == true);
}
