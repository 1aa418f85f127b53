//! A visitor votes with the mouse, whatever the browser may run.

use crate::support::chromium::{Browser, Options};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(a_visitor_votes_with_the_mouse),
        on_sqlite(a_visitor_votes_with_the_mouse_without_javascript),
        on_sqlite(a_visitor_votes_over_plain_http),
        on_sqlite(a_visitor_who_chooses_nothing_is_told_and_can_go_on),
        on_sqlite(a_shuffled_poll_has_one_order_in_a_browser_and_others_in_others),
        on_sqlite(a_page_of_results_keeps_itself_up_to_date),
        on_sqlite(without_javascript_a_page_runs_no_script),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

fn a_visitor_votes_with_the_mouse(app: &TestApp) {
    votes(&Browser::open(), app, &format!("http://127.0.0.1:{}", app.port()));
}

fn a_visitor_votes_with_the_mouse_without_javascript(app: &TestApp) {
    votes(&Options::default().without_javascript().open(), app, &format!("http://127.0.0.1:{}", app.port()));
}

/// Away from loopback a browser says less of where a form comes from.
fn a_visitor_votes_over_plain_http(app: &TestApp) {
    let browser = Options::default().host(HOST, app.port()).open();
    votes(&browser, app, &format!("http://{HOST}"));
}

#[track_caller]
fn votes(browser: &Browser, app: &TestApp, origin: &str) {
    let poll = app.poll();
    browser.visit_url(&format!("{origin}/"));
    browser.click("main a[href='/polls/']");
    browser.arrives_at("/polls/");
    browser.click("main li a");
    browser.arrives_at(&poll.detail());
    browser.click(&format!("input[value='{}']", poll.value(1)));
    browser.click(".ballot button");
    browser.arrives_at(&poll.results());
    assert_eq!(browser.texts(".choice-text"), ["The sky", "Not much", "Just hacking again"]);
    assert_eq!(browser.texts(".votes"), ["1 vote", "0 votes", "0 votes"]);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));

    // Once more: a click on the text chooses as well.
    browser.click("main a.button");
    browser.arrives_at(&poll.detail());
    browser.click(".choice:last-of-type span");
    browser.click(".ballot button");
    browser.arrives_at(&poll.results());
    assert_eq!(app.totals(&poll), [0, 1, 1]);
}

fn a_shuffled_poll_has_one_order_in_a_browser_and_others_in_others(app: &TestApp) {
    let written = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
    let poll = app.question("In which order?").choices(written).create();
    app.execute("UPDATE polls_question SET choice_order = 'shuffled'");
    let shown = |browser: &Browser| browser.texts(".ballot .choice");
    let (one, other) = (Browser::open(), Browser::open());
    for browser in [&one, &other] {
        browser.visit(app, &poll.detail());
    }
    let order = shown(&one);
    let mut sorted = order.clone();
    sorted.sort();
    assert_eq!(sorted, written);
    // Of 3,628,800 orders, three are equal by chance too rarely to matter.
    assert!(order != written && order != shown(&other), "{order:?}");
    one.visit(app, &poll.detail());
    assert_eq!(shown(&one), order);
    one.click(".ballot button");
    one.arrives_at(&poll.vote());
    assert_eq!(shown(&one), order);
}

fn a_visitor_who_chooses_nothing_is_told_and_can_go_on(app: &TestApp) {
    let (browser, poll) = (Browser::open(), app.poll());
    browser.visit(app, &poll.detail());
    browser.click(".ballot button");
    browser.arrives_at(&poll.vote());
    assert_eq!(browser.texts("[role=alert]"), ["You didn't select a choice."]);
    assert_eq!(browser.texts("h1"), ["What's new?"]);
    assert_eq!(app.all_ballots(), 0);
    browser.click(&format!("input[value='{}']", poll.value(0)));
    browser.click(".ballot button");
    browser.arrives_at(&poll.results());
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

/// The numbers, the words and the order change by themselves, and the focus stays.
fn a_page_of_results_keeps_itself_up_to_date(app: &TestApp) {
    let (browser, poll) = (Browser::open(), app.poll());
    browser.visit(app, &poll.results());
    browser.script("document.querySelector('.order a').focus()", &serde_json::json!([]));
    app.post(&poll.vote()).form(&[("choice", &poll.value(2))]).expect(303);
    eventually("the vote shows", || (browser.texts(".total") == ["1 vote in all"]).then_some(()));
    assert_eq!(browser.texts(".choice-text"), ["Just hacking again", "Not much", "The sky"]);
    assert_eq!(browser.texts(".percentage"), ["100%", "0%", "0%"]);
    assert_eq!(browser.texts(".summary"), ["Leading so far: Just hacking again"]);
    assert_eq!(browser.text("return document.activeElement.textContent"), "In the order of the poll");
    app.execute("UPDATE polls_question SET close_date = pub_date");
    eventually("nothing is offered any more", || (browser.texts("[data-open]").is_empty()).then_some(()));
    assert_eq!(browser.texts(".summary"), ["First place: Just hacking again"]);
}

/// Holds that the browsers of the other tests are what they are said to be.
fn without_javascript_a_page_runs_no_script() {
    let page = "data:text/html,<title>quiet</title><script>document.title = 'scripted'</script>";
    for (options, title) in [(Options::default(), "scripted"), (Options::default().without_javascript(), "quiet")] {
        let browser = options.open();
        browser.visit_url(page);
        assert_eq!(browser.text("return document.title"), title);
    }
}
