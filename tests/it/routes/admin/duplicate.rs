//! Copies of polls.

use diesel::prelude::*;
use polls::polls::schema::{polls_choice, polls_question};

use super::{BOOKMARKS, QUESTIONS, form_of, history};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_copy_is_a_draft_with_the_same_rules_and_no_ballots),
        on_every_database(a_copy_of_the_longest_title_fits),
        on_sqlite(what_is_still_to_come_stays_in_a_copy),
        on_every_database(what_is_selected_is_duplicated_at_once),
        on_sqlite(duplicating_takes_the_permissions_to_add),
        on_sqlite(a_form_that_is_sent_twice_makes_one_copy),
    ]
}

fn duplicate(list: &str, pk: i64) -> String {
    format!("{list}{pk}/duplicate/")
}

/// The id of the newest question, and its choices in the order of the poll.
fn newest(app: &TestApp) -> (i64, Vec<String>) {
    let conn = &mut app.open();
    let id: Option<i64> =
        polls_question::table.select(diesel::dsl::max(polls_question::id)).first(conn).expect("questions can be read");
    let id = id.expect("there are some");
    let choices = polls_choice::table
        .filter(polls_choice::question_id.eq(id))
        .order((polls_choice::position, polls_choice::id))
        .select(polls_choice::choice_text);
    (id, choices.load(conn).expect("choices can be read"))
}

fn a_copy_is_a_draft_with_the_same_rules_and_no_ballots(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.question("Which?").choices(["A", "B", "C", "D"]).choice_with_votes("E", 7).create();
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    app.execute(
        "UPDATE polls_question SET kind = 'several', min_choices = 1, max_choices = 2, voters = 'browser', \
         results = 'closed', choice_order = 'shuffled', description = 'Why so?', may_change = (1 = 1), \
         close_date = '2026-02-01 00:00:00', pub_date = '2026-01-01 00:00:00'",
    );
    for (at, position) in [(0, 9), (1, 4), (2, 5), (3, 6), (4, 7)] {
        app.execute(&format!("UPDATE polls_choice SET position = {position} WHERE id = {}", poll.choices[at]));
    }
    app.execute(&format!(
        "UPDATE polls_choice SET withdrawn_at = '2026-01-01 00:00:00' WHERE id = {}",
        poll.choices[3]
    ));
    let page = ada.get(&form_of(&poll)).expect(200).html();
    let action = page.attribute(".object-tools form:has(.duplicatelink)", "action").expect("a button");
    let copied = ada.post(&action, &[]).expect(303);
    let (copy, choices) = newest(app);
    assert_eq!(copied.location(), format!("{QUESTIONS}{copy}/change/"));
    assert_eq!(choices, ["B", "C", "E", "A"]);
    let page = ada.get(copied.location()).expect(200).html();
    let fields = page.fields("#change-form");
    let value = |name: &str| fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str());
    for (name, expected) in [
        ("question_text", "Which? (copy)"),
        ("description", "Why so?"),
        ("kind", "several"),
        ("min_choices", "1"),
        ("max_choices", "2"),
        ("voters", "browser"),
        ("results", "closed"),
        ("choice_order", "shuffled"),
        ("close_date_0", ""),
    ] {
        assert_eq!(value(name), Some(expected), "{name}");
    }
    assert!(value("is_draft").is_some() && value("may_change").is_some());
    app.get(&format!("/polls/{copy}/")).expect(404);
    let no_votes = Poll { id: copy, choices: Vec::new() };
    assert_eq!((app.totals(&no_votes), app.totals(&poll)), (vec![0; 4], vec![0, 1, 0, 0, 7]));
    assert_eq!(app.all_ballots(), 1);
    let told = ada.get(&history(QUESTIONS, copy)).expect(200).html().texts("tbody tr");
    assert!(told.len() == 1 && told[0].contains("Added"), "{told:?}");
    assert_eq!(ada.get(&history(QUESTIONS, poll.id)).expect(200).html().count("tbody tr"), 0);
    app.run(&["recount"]).expect(0);
}

fn a_copy_of_the_longest_title_fits(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.question(&"질".repeat(200)).choices(["가"]).create();
    ada.post(&duplicate(QUESTIONS, poll.id), &[]).expect(303);
    let (copy, choices) = newest(app);
    let page = ada.get(&format!("{QUESTIONS}{copy}/change/")).expect(200).html();
    assert_eq!(page.attribute("#id_question_text", "value"), Some(format!("{} (copy)", "질".repeat(193))));
    assert_eq!(choices, ["가"]);
}

fn what_is_still_to_come_stays_in_a_copy(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.poll();
    app.execute("UPDATE polls_question SET pub_date = '2998-01-01 00:00:00', close_date = '2999-01-01 00:00:00'");
    let copied = ada.post(&duplicate(QUESTIONS, poll.id), &[]).expect(303);
    let page = ada.get(copied.location()).expect(200).html();
    assert_eq!(page.attribute("#id_pub_date_0", "value").as_deref(), Some("2998-01-01"));
    assert_eq!(page.attribute("#id_close_date_0", "value").as_deref(), Some("2999-01-01"));
    // The form of the copy can be saved as it is.
    ada.submit(copied.location(), &[]).expect(303);
}

fn what_is_selected_is_duplicated_at_once(app: &TestApp) {
    let ada = app.administrator("ada");
    for text in ["One?", "Two?", "Three?"] {
        app.question(text).choices(["Yes", "No"]).create();
    }
    let fields = [("action", "duplicate_selected"), ("select_across", "1")];
    let request = app.visitor().post(QUESTIONS).header("Accept-Language", "ko").form(&fields);
    ada.watch(&ada.send(request).expect(303));
    assert_eq!((app.count("polls_question"), app.count("polls_choice")), (6, 12));
    assert_eq!(app.count("polls_question WHERE question_text LIKE '%? (사본)'"), 3);
    assert_eq!(app.count("django_admin_log WHERE action_flag = 1"), 3);
    let page = ada.get("/admin/").expect(200).html();
    assert_eq!(page.texts(".messagelist li > span"), ["3개를 복제했습니다."]);
    assert_eq!(page.count(".messagelist form"), 0, "an addition is not undone");
}

fn duplicating_takes_the_permissions_to_add(app: &TestApp) {
    let poll = app.poll();
    let bookmark = app.bookmark(None, "https://example.com/");
    app.user("bob").staff().may("polls.view_question").may("polls.add_question").create();
    app.user("eve").staff().may("polls.change_question").may("polls.add_choice").create();
    app.user("joe").staff().may("polls.view_question").may("polls.add_question").may("polls.add_choice").create();
    let selected = [("action", "duplicate_selected"), ("_selected_action", &*poll.id.to_string())];
    for name in ["bob", "eve"] {
        let person = app.logged_in(name);
        assert_eq!(person.get(&form_of(&poll)).expect(200).html().count(".duplicatelink"), 0, "{name}");
        person.post(&duplicate(QUESTIONS, poll.id), &[]).expect(403);
        person.post(QUESTIONS, &selected).expect(403);
    }
    assert_eq!(app.count("polls_question"), 1);
    let joe = app.logged_in("joe");
    joe.get(&duplicate(QUESTIONS, poll.id)).expect(405);
    joe.post(&duplicate(QUESTIONS, 4711), &[]).expect(404);
    joe.post(&duplicate(QUESTIONS, poll.id), &[]).expect(303);
    let ada = app.administrator("ada");
    ada.post(&duplicate(BOOKMARKS, bookmark), &[]).expect(404);
    ada.post(BOOKMARKS, &[("action", "duplicate_selected"), ("select_across", "1")]).expect(400);
    assert_eq!((app.count("polls_question"), app.count("bookmark_bookmark")), (2, 1));
}

fn a_form_that_is_sent_twice_makes_one_copy(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let page = ada.get(&form_of(&poll)).expect(200).html();
    let key = page.attribute(".object-tools form:has(.duplicatelink) input", "value").expect("a key");
    let answers: Vec<_> =
        (0..2).map(|_| ada.post(&duplicate(QUESTIONS, poll.id), &[("_form_key", &key)]).expect(303)).collect();
    assert_eq!(answers[0].location(), answers[1].location());
    assert_eq!(app.count("polls_question"), 2);
}
