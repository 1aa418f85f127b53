//! From the first administrator to an undone deletion, whatever the person uses.

use diesel::prelude::*;
use polls::polls::schema::{polls_choice, polls_question};

use super::hands::Hands;
use crate::browser::pages::complaints;
use crate::support::chromium::{Browser, Options};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(an_administrator_makes_changes_deletes_and_undoes),
        on_sqlite(an_administrator_does_the_same_without_javascript),
        on_sqlite(an_administrator_does_the_same_with_the_keyboard),
        on_sqlite(an_administrator_does_the_same_with_the_keyboard_without_javascript),
    ];
    tests.map(|test| test.needing(Need::Chromium)).into()
}

fn an_administrator_makes_changes_deletes_and_undoes(setup: Setup) {
    goes_all_the_way(setup, true, false);
}

fn an_administrator_does_the_same_without_javascript(setup: Setup) {
    goes_all_the_way(setup, false, false);
}

fn an_administrator_does_the_same_with_the_keyboard(setup: Setup) {
    goes_all_the_way(setup, true, true);
}

fn an_administrator_does_the_same_with_the_keyboard_without_javascript(setup: Setup) {
    goes_all_the_way(setup, false, true);
}

#[track_caller]
fn goes_all_the_way(setup: Setup, javascript: bool, on_keyboard: bool) {
    let app = setup.development().start();
    let options = if javascript { Options::default() } else { Options::default().without_javascript() };
    let browser = options.open();
    let hands = Hands { browser: &browser, on_keyboard };
    becomes_the_administrator(&hands, &app);
    let poll = makes_a_question(&hands, &app, javascript);
    visitors_vote(&app, &poll);
    sees_the_votes_and_edits(&hands, &poll);
    sees_what_was_changed(&hands, &poll);
    deletes(&hands, &app, &poll);
    undoes(&hands, &app, &poll);
    assert_eq!(complaints(&browser), Vec::<String>::new());
}

fn becomes_the_administrator(hands: &Hands<'_>, app: &TestApp) {
    let line = app.stdout.wait_for("/admin/setup/");
    let token = line.split("/admin/setup/").nth(1).and_then(|rest| rest.split('/').next()).expect("a token");
    hands.browser.visit(app, &format!("/admin/setup/{token}/"));
    hands.fill("#id_username", "ada");
    hands.fill("#id_email", "ada@example.org");
    hands.fill("#id_password1", PASSWORD);
    hands.fill("#id_password2", PASSWORD);
    hands.press("main form button");
    hands.browser.arrives_at("/admin/");
    assert!(hands.browser.texts("#user-tools .welcome").concat().contains("ada"));
}

fn makes_a_question(hands: &Hands<'_>, app: &TestApp, javascript: bool) -> Poll {
    hands.press("#content-main .model-question .addlink");
    hands.browser.arrives_at("/admin/polls/question/add/");
    let choice = |number: usize, text: &str| hands.fill(&format!("#id_choice_set-{number}-choice_text"), text);
    hands.fill("#id_question_text", "Where to?");
    choice(0, "Seoul");
    choice(1, "Busan");
    choice(2, "Jeju");
    if javascript {
        hands.press("#choice_set-group .add-row button");
    } else {
        hands.press("button[name=_continue]");
        let id = poll(app, "Where to?").id;
        hands.browser.arrives_at(&format!("/admin/polls/question/{id}/change/"));
        says(hands, "The question “Where to?” was added successfully. You may edit it again below.");
    }
    choice(3, "Daegu");
    hands.press("button[name=_save]");
    hands.browser.arrives_at("/admin/polls/question/");
    let done = if javascript { "added" } else { "changed" };
    says(hands, &format!("The question “Where to?” was {done} successfully."));
    let poll = poll(app, "Where to?");
    assert_eq!(poll.choices.len(), 4, "four choices and no empty row were saved");
    poll
}

/// One for the first choice, two for the last.
fn visitors_vote(app: &TestApp, poll: &Poll) {
    for choice in [0, 3, 3] {
        let visitor = Browser::open();
        visitor.visit(app, &poll.detail());
        assert_eq!(visitor.texts(".choice"), ["Seoul", "Busan", "Jeju", "Daegu"]);
        visitor.click(&format!("input[value='{}']", poll.value(choice)));
        visitor.click(".ballot button");
        visitor.arrives_at(&poll.results());
    }
    assert_eq!(app.totals(poll), [1, 0, 0, 2]);
}

fn sees_the_votes_and_edits(hands: &Hands<'_>, poll: &Poll) {
    hands.press(".breadcrumbs li:first-child a");
    hands.browser.arrives_at("/admin/");
    assert_eq!(hands.browser.texts(".figures dd").first().map(String::as_str), Some("3"), "votes today");
    hands.press("#content-main .model-question th a");
    hands.browser.arrives_at("/admin/polls/question/");
    let link = format!("a[href$='/{}/change/']", poll.id);
    assert_eq!(hands.browser.texts(&format!("#result_list tr:has({link}) .field-votes")), ["3"]);
    hands.press(&format!("#result_list {link}"));
    hands.browser.arrives_at(&change(poll));
    assert_eq!(hands.browser.texts("#choice_set-group .has_original .field-votes"), ["1", "0", "0", "2"]);
    hands.fill("#id_question_text", "Where to in spring?");
    hands.fill("#id_choice_set-1-choice_text", "Gyeongju");
    hands.press("button[name=_save]");
    hands.browser.arrives_at("/admin/polls/question/");
    says(hands, "The question “Where to in spring?” was changed successfully.");
}

fn sees_what_was_changed(hands: &Hands<'_>, poll: &Poll) {
    hands.press(&format!("#result_list th a[href$='/{}/change/']", poll.id));
    hands.browser.arrives_at(&change(poll));
    hands.press(".historylink");
    hands.browser.arrives_at(&format!("/admin/polls/question/{}/history/", poll.id));
    let newest = "#change-history tbody tr:first-child";
    assert_eq!(hands.browser.texts(&format!("{newest} > td:nth-of-type(1)")), ["ada"]);
    let texts = |selector: &str| hands.browser.texts(&format!("{newest} {selector}")).join(" | ");
    assert_eq!(texts("dt"), "Question text | Choice text (Busan)");
    assert!(texts("del").contains("Where to?") && texts("del").contains("Busan"), "{}", texts("del"));
    assert!(texts("ins").contains("Where to in spring?") && texts("ins").contains("Gyeongju"), "{}", texts("ins"));
    hands.press(".breadcrumbs li:nth-last-child(2) a");
    hands.browser.arrives_at(&change(poll));
}

fn deletes(hands: &Hands<'_>, app: &TestApp, poll: &Poll) {
    hands.press(".submit-row .deletelink");
    hands.browser.arrives_at(&format!("/admin/polls/question/{}/delete/", poll.id));
    assert_eq!(hands.browser.texts(".summary li"), ["Questions: 1", "Choices: 4", "Ballots: 3"]);
    let doomed = hands.browser.texts(".doomed").concat();
    for name in ["Where to in spring?", "Seoul", "Gyeongju", "Jeju", "Daegu"] {
        assert!(doomed.contains(name), "{doomed}");
    }
    hands.press("main form .danger");
    hands.browser.arrives_at("/admin/polls/question/");
    says(hands, "The question “Where to in spring?” was deleted successfully.");
    app.get(&poll.detail()).expect(404);
    assert_eq!(app.all_ballots(), 0);
}

fn undoes(hands: &Hands<'_>, app: &TestApp, poll: &Poll) {
    hands.press(".messagelist button");
    hands.browser.arrives_at(&change(poll));
    says(hands, "The question “Where to in spring?” is as it was before.");
    assert_eq!((app.totals(poll), app.ballots(poll)), (vec![1, 0, 0, 2], vec![1, 0, 0, 2]));
    let results = app.get(&poll.results_as_written()).expect(200).html();
    assert_eq!(results.texts(".choice-text"), ["Seoul", "Gyeongju", "Jeju", "Daegu"]);
    app.run(&["recount"]).expect(0);
}

#[track_caller]
fn says(hands: &Hands<'_>, message: &str) {
    assert_eq!(hands.browser.texts(".messagelist li > span"), [message]);
}

fn change(poll: &Poll) -> String {
    format!("/admin/polls/question/{}/change/", poll.id)
}

/// A question by its text, once it is there.
#[track_caller]
fn poll(app: &TestApp, text: &str) -> Poll {
    let conn = &mut app.open();
    let id: i64 = eventually(&format!("{text} is saved"), || {
        let saved = polls_question::table.filter(polls_question::question_text.eq(text));
        saved.select(polls_question::id).first(conn).ok()
    });
    let choices = polls_choice::table.filter(polls_choice::question_id.eq(id)).order(polls_choice::id);
    Poll { id, choices: choices.select(polls_choice::id).load(conn).expect("choices can be read") }
}
