//! The choices on their question's page: their order, and many pasted at once.

use diesel::prelude::*;
use polls::polls::schema::polls_choice;

use super::{form_of, history};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(buttons_move_a_choice_without_a_script),
        on_every_database(a_choice_that_is_added_comes_last),
        on_sqlite(moving_saves_nothing_and_loses_nothing),
        on_sqlite(moving_hides_no_change_of_somebody_else),
        on_sqlite(a_form_without_positions_changes_none),
        on_every_database(many_choices_are_pasted_at_once),
        on_sqlite(what_is_pasted_is_checked_like_what_is_typed),
        on_sqlite(who_may_not_change_choices_moves_none),
        on_every_database(a_choice_with_votes_is_withdrawn_instead_of_deleted),
        on_sqlite(a_form_without_the_box_withdraws_none),
    ]
}

/// The texts of a poll's choices in the order in which voters see them, each with its position.
fn order(app: &TestApp, poll: &Poll) -> Vec<(String, i32)> {
    polls_choice::table
        .filter(polls_choice::question_id.eq(poll.id))
        .order((polls_choice::position, polls_choice::id))
        .select((polls_choice::choice_text, polls_choice::position))
        .load(&mut app.open())
        .expect("choices can be read")
}

fn texts(app: &TestApp, poll: &Poll) -> String {
    order(app, poll).into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" ")
}

/// The texts that a form has typed into its rows.
fn typed(page: &Html) -> Vec<String> {
    page.attributes("tbody input[name$=choice_text]", "value").into_iter().filter(|text| !text.is_empty()).collect()
}

fn buttons_move_a_choice_without_a_script(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B", "C", "D"]).create());
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.attributes("button.move", "name").len(), 6);
    assert_eq!(page.texts("#choice_set-0 .move"), ["Move down: A"]);
    assert_eq!(page.texts("#choice_set-1 .move"), ["Move up: B", "Move down: B"]);
    assert_eq!(page.texts("#choice_set-3 .move"), ["Move up: D"]);
    // D goes up twice, then A goes down once; the form is shown again each time and saved at the end.
    let page = ada.submit(&form_of(&poll), &[("choice_set-3-UP", "")]).expect(200).html();
    assert_eq!(typed(&page), ["A", "B", "D", "C"]);
    assert_eq!(page.attributes("button[autofocus]", "name"), ["choice_set-2-UP"]);
    assert_eq!((page.count("#change-form[data-changed]"), page.count(".errornote, .errorlist")), (1, 0));
    let page = ada.submit_page(&form_of(&poll), &page, &[("choice_set-2-UP", "")]).expect(200).html();
    assert_eq!(typed(&page), ["A", "D", "B", "C"]);
    let page = ada.submit_page(&form_of(&poll), &page, &[("choice_set-0-DOWN", "")]).expect(200).html();
    assert_eq!(typed(&page), ["D", "A", "B", "C"]);
    assert_eq!(texts(app, &poll), "A B C D");
    assert_eq!(ada.get(&history("/admin/polls/question/", poll.id)).expect(200).html().count("tbody tr"), 0);
    ada.submit_page(&form_of(&poll), &page, &[]).expect(303);
    assert_eq!(texts(app, &poll), "D A B C");
    let shown = app.get(&poll.detail()).expect(200).html().texts("form.ballot label.choice");
    assert_eq!(shown, ["D", "A", "B", "C"]);
    // An undo brings the order back, and the history tells both.
    ada.undo().expect(303);
    let told = ada.get(&history("/admin/polls/question/", poll.id)).expect(200).html().texts("tbody tr");
    assert!(told.len() == 2 && told.iter().all(|entry| entry.contains("Position")), "{told:?}");
    assert_eq!(texts(app, &poll), "A B C D");
    assert!(order(app, &poll).iter().all(|(_, position)| *position == 0));
}

fn a_choice_that_is_added_comes_last(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B"]).create());
    ada.submit(&form_of(&poll), &[("choice_set-2-choice_text", "C")]).expect(303);
    assert_eq!(order(app, &poll), [("A", 0), ("B", 0), ("C", 0)].map(|(text, at)| (text.to_owned(), at)));
    let page = ada.submit(&form_of(&poll), &[("choice_set-0-DOWN", "")]).expect(200).html();
    ada.submit_page(&form_of(&poll), &page, &[("choice_set-3-choice_text", "D")]).expect(303);
    assert_eq!(texts(app, &poll), "B A C D");
    app.run(&["question", "edit", &poll.id.to_string(), "--choice", "E"]).expect(0);
    assert_eq!(texts(app, &poll), "B A C D E");
    // A new choice can be moved before it is saved.
    let moved = [("choice_set-5-choice_text", "F"), ("choice_set-5-UP", "")];
    let page = ada.submit(&form_of(&poll), &moved).expect(200).html();
    assert_eq!(typed(&page), ["B", "A", "C", "D", "F", "E"]);
    let page = ada.submit_page(&form_of(&poll), &page, &[("choice_set-4-UP", "")]).expect(200).html();
    ada.submit_page(&form_of(&poll), &page, &[]).expect(303);
    assert_eq!(texts(app, &poll), "B A C F D E");
}

fn moving_saves_nothing_and_loses_nothing(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B", "C"]).create());
    let page = ada
        .submit(
            &form_of(&poll),
            &[
                ("question_text", ""),
                ("choice_set-0-choice_text", "Changed"),
                ("choice_set-1-DELETE", "on"),
                ("choice_set-2-UP", ""),
            ],
        )
        .expect(200)
        .html();
    assert_eq!(page.attribute("#id_question_text", "value").as_deref(), Some(""));
    assert_eq!((typed(&page), page.count(".errorlist")), (["Changed", "C", "B"].map(str::to_owned).into(), 0));
    assert_eq!(page.attributes("input[name$=DELETE][checked]", "name"), ["choice_set-2-DELETE"]);
    assert_eq!(texts(app, &poll), "A B C");
    ada.submit_page(&form_of(&poll), &page, &[]).expect(200);
    ada.submit_page(&form_of(&poll), &page, &[("question_text", "Why?")]).expect(303);
    assert_eq!(texts(app, &poll), "Changed C");
    // The first has no way up and the last none down; a button that is not there does nothing.
    let page = ada.submit(&form_of(&poll), &[("choice_set-0-UP", "")]).expect(200).html();
    assert_eq!(typed(&page), ["Changed", "C"]);
    let page = ada.submit(&form_of(&poll), &[("choice_set-7-DOWN", "")]).expect(303);
    assert!(page.location().starts_with("/admin/"));
}

fn moving_hides_no_change_of_somebody_else(app: &TestApp) {
    let (ada, bea) = (app.administrator("ada"), app.administrator("bea"));
    let poll = app.question("Which?").choices(["A", "B"]).create();
    let page = ada.get(&form_of(&poll)).expect(200).html();
    bea.submit(&form_of(&poll), &[("question_text", "Changed by Bea?")]).expect(303);
    let page = ada.submit_page(&form_of(&poll), &page, &[("choice_set-0-DOWN", "")]).expect(200).html();
    let page = ada.submit_page(&form_of(&poll), &page, &[]).expect(200).html();
    assert!(page.text("#error-title").starts_with("Somebody else has saved"), "{}", page.text("#error-title"));
    assert_eq!(app.count("polls_question WHERE question_text = 'Changed by Bea?'"), 1);
}

fn a_form_without_positions_changes_none(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B"]).create());
    app.execute(&format!("UPDATE polls_choice SET position = 5 WHERE id = {}", poll.choices[0]));
    for position in [None, Some(""), Some("x"), Some("99999999999"), Some("5")] {
        let (id, text) = (poll.value(0), format!("A{position:?}"));
        let mut fields = vec![
            ("question_text", "Which?"),
            ("pub_date_0", "2026-01-01"),
            ("pub_date_1", "00:00:00"),
            ("choice_set-TOTAL_FORMS", "1"),
            ("choice_set-INITIAL_FORMS", "1"),
            ("choice_set-0-id", &id),
            ("choice_set-0-choice_text", &text),
        ];
        fields.extend(position.map(|position| ("choice_set-0-position", position)));
        ada.post(&form_of(&poll), &fields).expect(303);
        assert_eq!(order(app, &poll), [("B".to_owned(), 0), (text, 5)], "{position:?}");
    }
}

fn many_choices_are_pasted_at_once(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A"]).create());
    let pasted = "\n  B \r\n\r\n다\r\nD, with a comma\n";
    ada.submit(&form_of(&poll), &[("choice_set-PASTED", pasted), ("choice_set-1-choice_text", "typed")]).expect(303);
    assert_eq!(texts(app, &poll), "A typed B 다 D, with a comma");
    // With a new question.
    let fields = [("question_text", "New?"), ("choice_set-PASTED", "Yes\nNo\n")];
    ada.submit("/admin/polls/question/add/", &fields).expect(303);
    let new = Poll { id: poll.id + 1, choices: Vec::new() };
    assert_eq!(texts(app, &new), "Yes No");
    let many: Vec<_> = (0..1000).map(|number| number.to_string()).collect();
    ada.submit(&form_of(&new), &[("choice_set-PASTED", &many[2..].join("\n"))]).expect(303);
    assert_eq!(order(app, &new).len(), 1000);
}

fn what_is_pasted_is_checked_like_what_is_typed(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B"]).create());
    let page = ada.submit(&form_of(&poll), &[("choice_set-PASTED", "C\nB\nC\n")]).expect(200).html();
    assert_eq!(page.texts("tbody .errorlist li").len(), 2);
    assert_eq!(typed(&page), ["A", "B", "C", "B", "C"]);
    assert_eq!(page.text("#choice_set-group textarea"), "");
    let long = format!("C\n{}", "x".repeat(201));
    let page = ada.submit(&form_of(&poll), &[("choice_set-PASTED", &long)]).expect(200).html();
    assert_eq!(page.texts("tbody .errorlist li").len(), 1);
    // Too many are not taken one by one, and stay in the box.
    let many: Vec<_> = (0..10_000).map(|number| number.to_string()).collect();
    let page = ada.submit(&form_of(&poll), &[("choice_set-PASTED", &many.join("\n"))]).expect(200).html();
    assert!(page.text("#form_errors").contains("at most 1,000 rows"), "{}", page.text("#form_errors"));
    assert!(page.text("#choice_set-group details[open] textarea").ends_with(" 9999"));
    assert_eq!(typed(&page), ["A", "B"]);
    assert_eq!(texts(app, &poll), "A B");
}

fn who_may_not_change_choices_moves_none(app: &TestApp) {
    let poll = app.question("Which?").choices(["A", "B"]).create();
    app.user("bob").staff().may("polls.change_question").may("polls.add_choice").may("polls.view_choice").create();
    let bob = app.logged_in("bob");
    let page = bob.get(&form_of(&poll)).expect(200).html();
    assert_eq!((page.count(".move"), page.count("[name$=position]")), (0, 0));
    let fields = [("choice_set-0-DOWN", ""), ("choice_set-0-position", "7"), ("choice_set-PASTED", "C")];
    bob.submit(&form_of(&poll), &fields).expect(303);
    assert_eq!(order(app, &poll), [("A", 0), ("B", 0), ("C", 0)].map(|(text, at)| (text.to_owned(), at)));
    app.user("eve").staff().may("polls.change_question").may("polls.change_choice").create();
    let eve = app.logged_in("eve");
    assert_eq!(eve.get(&form_of(&poll)).expect(200).html().count("details.paste"), 0);
    eve.submit(&form_of(&poll), &[("choice_set-PASTED", "D")]).expect(303);
    assert_eq!(texts(app, &poll), "A B C");
}

fn a_choice_with_votes_is_withdrawn_instead_of_deleted(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B", "C"]).create());
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    // A total that Django has counted is votes as well.
    app.execute(&format!("UPDATE polls_choice SET votes = 3 WHERE id = {}", poll.choices[1]));
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.attributes("input[name$=DELETE]", "name"), ["choice_set-2-DELETE"]);
    let boxes = ["choice_set-0-withdrawn_at", "choice_set-1-withdrawn_at"];
    assert_eq!(page.attributes("#choice_set-group input[type=checkbox][name$=withdrawn_at]", "name"), boxes);

    let page = ada.submit(&form_of(&poll), &[("choice_set-0-DELETE", "on"), ("choice_set-1-choice_text", "Bee")]);
    let page = page.expect(200).html();
    assert!(page.text("#choice_set-0 .errorlist").contains("This choice has votes"), "{}", page.text("#choice_set-0"));
    assert_eq!(texts(app, &poll), "A B C");

    ada.submit(&form_of(&poll), &[("choice_set-0-withdrawn_at", "on"), ("choice_set-2-DELETE", "on")]).expect(303);
    assert_eq!(texts(app, &poll), "A B");
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.text("form.ballot .withdrawn"), "A withdrawn");
    assert!(page.text(".wording").contains("Choice deleted: C"), "{}", page.text(".wording"));
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(400);

    // It can be taken back, and undone.
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.count("#id_choice_set-0-withdrawn_at[checked]"), 1);
    ada.submit_page(&form_of(&poll), &page, &[("choice_set-0-withdrawn_at", "off")]).expect(303);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    app.run(&["recount"]).expect(0);
}

fn a_form_without_the_box_withdraws_none(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.question("Which?").choices(["A", "B"]).create());
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    ada.submit(&form_of(&poll), &[("choice_set-0-withdrawn_at", "on")]).expect(303);
    let (first, second) = (poll.value(0), poll.value(1));
    let fields = [
        ("question_text", "Why?"),
        ("pub_date_0", "2026-01-01"),
        ("pub_date_1", "00:00:00"),
        ("choice_set-TOTAL_FORMS", "2"),
        ("choice_set-INITIAL_FORMS", "2"),
        ("choice_set-0-id", &first),
        ("choice_set-0-choice_text", "A!"),
        ("choice_set-1-id", &second),
        ("choice_set-1-choice_text", "B!"),
    ];
    ada.post(&form_of(&poll), &fields).expect(303);
    assert_eq!(texts(app, &poll), "A! B!");
    let withdrawn = "polls_choice WHERE withdrawn_at IS NOT NULL";
    assert_eq!(app.count(withdrawn), 1);
    // Who may not change choices withdraws none.
    app.user("eve").staff().may("polls.change_question").may("polls.view_choice").create();
    let eve = app.logged_in("eve");
    let page = eve.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.count("input[name$=withdrawn_at]"), 0);
    assert!(page.text("#choice_set-0 td.delete").contains("Withdrawn"));
    eve.submit(&form_of(&poll), &[("choice_set-0-withdrawn_at", "off"), ("question_text", "How?")]).expect(303);
    assert_eq!(app.count(withdrawn), 1);
}
