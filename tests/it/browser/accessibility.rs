//! axe-core finds nothing to complain of.

use std::path::Path;

use serde_json::{Value, json};

use super::pages::{self, Page, switch_language};
use crate::support::chromium::Browser;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(no_page_has_a_violation_in_english),
        on_sqlite(no_page_has_a_violation_in_korean),
        on_sqlite(an_empty_site_has_no_violation),
        on_sqlite(no_page_of_a_new_password_has_a_violation),
        on_sqlite(no_page_of_the_own_account_has_a_violation_or_scrolls_sideways),
        on_sqlite(what_is_wrong_is_found),
    ];
    tests.map(|test| test.needing(Need::Chromium).needing(Need::Axe)).into()
}

fn no_page_has_a_violation_in_english(app: &TestApp) {
    no_page_has_a_violation(app, "en", &pages::all(app));
}

fn no_page_has_a_violation_in_korean(app: &TestApp) {
    no_page_has_a_violation(app, "ko", &pages::all(app));
}

fn an_empty_site_has_no_violation(app: &TestApp) {
    no_page_has_a_violation(app, "en", &["/polls/", "/bookmark/"].map(Page::at));
}

fn no_page_of_a_new_password_has_a_violation(setup: Setup) {
    let setup = setup.settings("[mail]\nbackend = \"console\"").variable("POLLS_OUTBOUND__LINK_CHECK_DAYS", "0");
    let app = setup.start();
    app.user("ada").email("ada@example.org").create();
    app.post("/accounts/password_reset/").form(&[("email", "ada@example.org")]).expect(303);
    let printed = app.run(&["outbound", "--once"]).expect(0).stdout;
    let link = printed.lines().find_map(|line| line.strip_prefix(&format!("https://{HOST}"))).expect("a link");
    let paths = ["password_reset/", "password_reset/done/", "reset/MQ/a-b/", "reset/done/", "login/"];
    for language in ["en", "ko"] {
        no_page_has_a_violation(&app, language, &paths.map(|path| Page::at(format!("/accounts/{path}"))));
    }
    let (browser, axe) = (Browser::open(), axe());
    browser.visit(&app, link);
    let form = format!("/accounts/reset/{}/set-password/", link.split('/').nth(3).expect("a user"));
    browser.arrives_at(&form);
    for _ in 0..2 {
        assert_eq!(violations(&browser, &axe), Vec::<String>::new());
        browser.script("document.querySelectorAll('[required]').forEach(input => input.required = false)", &json!([]));
        browser.click("#new-password-form button");
        browser.script("return document.readyState", &json!([]));
        eventually("the errors are shown", || {
            (browser.text("return document.title").starts_with("Error: ")).then_some(())
        });
    }
}

fn no_page_of_the_own_account_has_a_violation_or_scrolls_sideways(app: &TestApp) {
    app.user("ada").create();
    let (browser, axe) = (Browser::open(), axe());
    browser.visit(app, "/accounts/login/");
    browser.fill("#id_username", "ada");
    browser.fill("#id_password", PASSWORD);
    browser.click("#login-form button");
    browser.arrives_at("/");
    browser.resize(320, 640, 1);
    let expect_right = || {
        assert_eq!(violations(&browser, &axe), Vec::<String>::new());
        let wide = browser
            .script("return document.documentElement.scrollWidth - document.documentElement.clientWidth", &json!([]));
        assert_eq!(wide, 0);
    };
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        for path in ["/accounts/sessions/", "/accounts/second_factor/", "/accounts/password_change/"] {
            browser.visit(app, path);
            expect_right();
        }
    }
    browser.visit(app, "/accounts/second_factor/");
    browser.fill("#id_password", PASSWORD);
    browser.click("#factor-form button");
    eventually("the secret is shown", || (browser.texts(".secret").len() == 1).then_some(()));
    expect_right();
}

/// Holds that axe-core runs at all, and that it sees colours.
fn what_is_wrong_is_found() {
    let browser = Browser::open();
    browser.visit_url("data:text/html,<p style='color: %23aaa; background: white'>pale</p><img src='x'>");
    let violations = violations(&browser, &axe());
    for rule in ["color-contrast", "image-alt", "document-title"] {
        assert!(violations.iter().any(|violation| violation.starts_with(rule)), "{violations:?}");
    }
}

/// Over the whole page, in light and in dark.
#[track_caller]
fn no_page_has_a_violation(app: &TestApp, language: &str, pages: &[Page]) {
    let (browser, axe) = (Browser::open(), axe());
    let mut found = Vec::new();
    browser.visit(app, "/");
    switch_language(&browser, language, "/");
    for color_scheme in ["light", "dark"] {
        browser.prefer(color_scheme);
        for page in pages {
            page.show(&browser, app);
            assert_eq!(browser.text("return document.documentElement.lang"), language);
            let dark = browser.script("return matchMedia('(prefers-color-scheme: dark)').matches", &json!([]));
            assert_eq!(dark, color_scheme == "dark");
            let violations = violations_in(&browser, &axe, color_scheme, &[]);
            found.extend(violations.iter().map(|violation| format!("{page}, {color_scheme}: {violation}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The rules about colours, the only ones that dark pages can break and light ones keep.
const OF_COLOURS: [&str; 2] = ["color-contrast", "link-in-text-block"];

/// What is wrong with a page in a colour scheme, if it is shown in light as well.
#[track_caller]
pub fn violations_in(browser: &Browser, axe: &str, color_scheme: &str, undecidable: &[&str]) -> Vec<String> {
    let rules = if color_scheme == "dark" { &OF_COLOURS[..] } else { &[] };
    found(browser, axe, rules, undecidable)
}

/// Each rule that is broken, or that axe-core cannot decide on, and where.
#[track_caller]
fn violations(browser: &Browser, axe: &str) -> Vec<String> {
    violations_but(browser, axe, &[])
}

/// The same, but for what axe-core leaves undecided for one of these reasons.
#[track_caller]
pub fn violations_but(browser: &Browser, axe: &str, undecidable: &[&str]) -> Vec<String> {
    found(browser, axe, &[], undecidable)
}

/// By some of the rules, or by all where none is named.
#[track_caller]
fn found(browser: &Browser, axe: &str, rules: &[&str], undecidable: &[&str]) -> Vec<String> {
    // It is half a megabyte, and stays with the page.
    if browser.script("return 'axe' in window", &json!([])) != true {
        browser.script(&format!("{axe};"), &json!([]));
    }
    let script = "
        const [excuses, rules] = arguments;
        const excused = check => excuses.includes(check.data?.messageKey);
        const open = rule => ({
            ...rule, nodes: rule.nodes.filter(node => ![...node.any, ...node.all, ...node.none].every(excused)),
        });
        const described = rule => [rule.id, rule.help, ...rule.nodes.map(node => node.html)].join(' | ');
        return axe.run(rules.length ? { runOnly: rules } : {}).then(({ violations, incomplete }) =>
            [...violations, ...incomplete.map(open).filter(rule => rule.nodes.length > 0)].map(described));";
    let violations = browser.script(script, &json!([undecidable, rules]));
    violations.as_array().expect("a list").iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// axe-core as `tests/run` installs it from npm.
#[track_caller]
pub fn axe() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe-core/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("axe-core is not installed ({}: {error}); tests/run installs it", file.display());
    })
}
