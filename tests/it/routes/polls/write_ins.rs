//! Answers that voters write themselves, and what staff make of them.

use diesel::prelude::*;
use polls::polls::schema::polls_choice;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_written_answer_counts_and_is_seen_by_staff_only),
        on_every_database(staff_accept_merge_and_refuse_written_answers),
        on_every_database(an_answer_that_many_write_at_once_is_one),
        on_sqlite(what_is_no_answer_is_refused_and_nothing_is_counted),
        on_sqlite(only_who_can_vote_leaves_an_answer),
        on_sqlite(a_written_answer_is_deleted_and_restored_as_what_it_was),
        on_sqlite(a_ballot_that_marks_both_is_one_vote_after_a_merge),
    ]
}

fn poll_with(app: &Setup, rules: &str) -> Poll {
    let poll = app.question("Which?").choices(["Red", "Blue"]).create();
    app.execute(&format!("UPDATE polls_question SET write_ins = (1 = 1), {rules} WHERE id = {}", poll.id));
    poll
}

#[track_caller]
fn write(app: &TestApp, poll: &Poll, text: &str, status: u16) -> Response {
    app.visitor().post(&poll.vote()).form(&[("choice", "other"), ("write_in", text)]).expect(status)
}

/// The answers with their states and votes, in the order of their ids.
fn answers(app: &Setup, poll: &Poll) -> Vec<(i64, String, String, i32)> {
    let of_poll = polls_choice::table.filter(polls_choice::question_id.eq(poll.id)).order(polls_choice::id);
    let columns = (polls_choice::id, polls_choice::choice_text, polls_choice::write_in, polls_choice::votes);
    of_poll.filter(polls_choice::id.ne_all(&poll.choices)).select(columns).load(&mut app.open()).expect("the answers")
}

/// Runs an action on one choice.
#[track_caller]
fn act(ada: &Person, action: &str, choice: i64, typed: &str) {
    let fields = [("action", action), ("_selected_action", &*choice.to_string()), ("action_input", typed)];
    let list = ada.post("/admin/polls/choice/", &fields).expect(303);
    let told = ada.get(list.location()).expect(200).html();
    assert!(told.text(".messagelist").contains("1 written answer was reviewed"), "{}", told.text(".messagelist"));
}

fn a_written_answer_counts_and_is_seen_by_staff_only(app: &TestApp) {
    let poll = poll_with(app, "kind = 'single'");
    let form = app.get(&poll.detail()).expect(200).html();
    assert_eq!(form.count("form.ballot .other input[type=radio][value=other]"), 1);
    assert_eq!(form.attribute("form.ballot input[name=write_in]", "maxlength").as_deref(), Some("200"));
    let told = write(app, &poll, "  Green<b> ", 303);
    write(app, &poll, "GREEN<b>", 303);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    // Without the button, and the text of a choice that is there.
    app.post(&poll.vote()).form(&[("write_in", "red")]).expect(303);
    let found = answers(app, &poll);
    assert_eq!((found.len(), &*found[0].1, &*found[0].2, found[0].3), (1, "Green<b>", "proposed", 2));
    assert_eq!(app.totals(&poll), [2, 0, 2]);
    app.run(&["recount"]).expect(0);
    let state = format!("/polls/{}/state.json", poll.id);
    for path in [poll.detail(), poll.results(), state, "/polls/".to_owned(), "/polls/feed/".to_owned(), "/".to_owned()]
    {
        assert!(!app.get(&path).expect(200).text().contains("Green"), "{path}");
    }
    // Nor does a search find it, or a vote for its number tell what it says.
    assert!(!app.get("/polls/?q=green").expect(200).text().contains("Which?"));
    app.post(&poll.vote()).form(&[("choice", &found[0].0.to_string())]).expect(400);
    let results = app.get(&poll.results_as_written()).expect(200).html();
    assert_eq!(results.text(".unshown"), "2 votes are for answers that voters wrote and that are not shown.");
    assert_eq!(results.text(".total"), "4 votes in all");
    assert_eq!(results.texts(".percentage"), ["50%", "0%"]);
    // The answer has as many votes as the best choice, so it is not said that one leads.
    assert!(results.text(".summary").starts_with("An answer that is still to be reviewed has as many votes"));
    assert_eq!(results.count("table.results .first"), 0);
    // The voter's own page names it.
    let cookie =
        told.headers("set-cookie").iter().filter_map(|set| set.split(';').next()).collect::<Vec<_>>().join("; ");
    let own = app.get(&poll.results()).header("Cookie", &cookie).expect(200).html();
    assert!(own.text(".done").contains("Green<b>"), "{}", own.text(".done"));
    let ada = app.administrator("ada");
    let page = ada.get(&format!("/admin/polls/question/{}/change/", poll.id)).expect(200).html();
    let review = page.attributes(".object-tools a", "href").into_iter().find(|path| path.contains("write_in__exact"));
    let list = ada.get(&review.expect("a link")).expect(200).html();
    assert!(list.text("#result_list").contains("Green<b>") && !list.text("#result_list").contains("Red"));
}

fn staff_accept_merge_and_refuse_written_answers(app: &TestApp) {
    let poll = poll_with(app, "kind = 'single'");
    for (text, votes) in [("Green", 1), ("Bleu", 2), ("Rude", 1)] {
        for _ in 0..votes {
            write(app, &poll, text, 303);
        }
    }
    let ids: Vec<i64> = answers(app, &poll).iter().map(|answer| answer.0).collect();
    let ada = app.administrator("ada");
    act(&ada, "accept_write_in", ids[0], "");
    act(&ada, "merge_write_in", ids[1], "blue");
    act(&ada, "refuse_write_in", ids[2], "");
    let results = app.get(&poll.results_as_written()).expect(200).html();
    let rows = results.texts("table.results tbody tr .choice-text");
    assert_eq!(rows, ["Red", "Blue", "Green"]);
    assert_eq!(results.texts("table.results .votes"), ["0 votes", "2 votes", "1 vote"]);
    assert!(results.text(".unshown").starts_with("1 vote is for an answer"));
    assert_eq!(app.get(&poll.detail()).expect(200).html().texts("form.ballot label bdi"), ["Red", "Blue", "Green"]);
    // The same again: the merged one is for the other choice, the refused one is none.
    write(app, &poll, "bleu", 303);
    assert!(write(app, &poll, "RUDE", 409).html().text("[role=alert]").contains("was reviewed and refused"));
    app.post(&poll.vote()).form(&[("choice", &ids[2].to_string())]).expect(400);
    assert_eq!(app.get(&poll.results_as_written()).expect(200).html().texts("table.results .votes")[1], "3 votes");
    // A merged answer whose choice was deleted counts as one that is not shown.
    let gone = poll_with(app, "kind = 'single'");
    write(app, &gone, "Bleu", 303);
    act(&ada, "merge_write_in", answers(app, &gone)[0].0, "Blue");
    ada.post(&format!("/admin/polls/choice/{}/delete/", gone.choices[1]), &[("post", "yes")]).expect(303);
    write(app, &gone, "bleu", 303);
    assert_eq!(app.get(&gone.results()).expect(200).html().count(".unshown"), 1);
    // What was decided can be decided anew.
    act(&ada, "accept_write_in", ids[2], "");
    write(app, &poll, "Rude", 303);
    let results = app.get(&poll.results_as_written()).expect(200).html();
    assert_eq!(results.texts("table.results .votes"), ["0 votes", "3 votes", "1 vote", "2 votes"]);
    assert_eq!(results.count(".unshown"), 0);
    app.run(&["recount"]).expect(0);
    let copy = ada.post(&format!("/admin/polls/question/{}/duplicate/", poll.id), &[]).expect(303);
    assert!(!ada.get(copy.location()).expect(200).text().contains("Bleu"));
}

fn an_answer_that_many_write_at_once_is_one(app: &TestApp) {
    let poll = poll_with(app, "kind = 'approval'");
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| write(app, &poll, "초록", 303));
        }
    });
    let found = answers(app, &poll);
    assert_eq!((found.len(), found[0].3), (1, 20));
    app.run(&["recount"]).expect(0);
}

fn what_is_no_answer_is_refused_and_nothing_is_counted(app: &TestApp) {
    let poll = poll_with(app, "kind = 'single'");
    let alert = |text: &str, status: u16| write(app, &poll, text, status).html().text("[role=alert]");
    assert!(alert("", 400).starts_with("You chose to write an answer."));
    assert!(alert("\u{200b}\u{3164}", 400).starts_with("You chose to write an answer."));
    let long = "가".repeat(201);
    let page = write(app, &poll, &long, 400).html();
    assert!(page.text("[role=alert]").contains("200 characters at most"));
    assert_eq!(page.attribute("form.ballot input[name=write_in]", "value"), Some(long));
    write(app, &poll, &"가".repeat(200), 303);
    // One choice, and an answer besides.
    let both = [("choice", &*poll.value(0)), ("write_in", "Green")];
    app.post(&poll.vote()).form(&both).expect(400);
    for rules in ["write_ins = (1 = 0)", "kind = 'ranked'", "close_date = '2020-01-01 00:00:00'"] {
        let other = poll_with(app, "kind = 'single'");
        app.execute(&format!("UPDATE polls_question SET {rules} WHERE id = {}", other.id));
        let refused = app.visitor().post(&other.vote()).form(&[("choice", "other"), ("write_in", "Green")]).send();
        assert!(refused.status == if rules.contains("close") { 409 } else { 400 }, "{rules}: {refused:?}");
        assert!(!rules.contains("close") || refused.text().contains("after this poll had closed"), "{refused:?}");
        assert_eq!(answers(app, &other), []);
    }
    // The kinds of ballots on which nothing can be written.
    let ada = app.administrator("ada");
    let path = format!("/admin/polls/question/{}/change/", app.poll().id);
    let form = ada.submit(&path, &[("write_ins", "on"), ("kind", "star")]).expect(200).html();
    assert_eq!(form.texts(".form-row.field-write_ins .errorlist li").len(), 1);
    assert_eq!(app.all_ballots(), 1);
}

fn only_who_can_vote_leaves_an_answer(app: &TestApp) {
    let poll = poll_with(app, "voters = 'browser'");
    write(app, &poll, "Green", 428);
    assert_eq!(answers(app, &poll), []);
    let style = app.get(&format!("/polls/browser/{}/view.css", poll.id)).expect(200);
    let cookie = style.headers("set-cookie")[1].split(';').next().unwrap_or_default().to_owned();
    let vote = |text: &str, status: u16| {
        app.visitor().post(&poll.vote()).header("Cookie", &cookie).form(&[("write_in", text)]).expect(status)
    };
    vote("Green", 303);
    vote("green", 303);
    vote("Yellow", 409);
    assert_eq!(answers(app, &poll).len(), 1);
    // Nor is an answer taken for the choice that was voted for before.
    let other = poll_with(app, "voters = 'browser'");
    let style = app.get(&format!("/polls/browser/{}/view.css", other.id)).expect(200);
    let cookie = style.headers("set-cookie")[1].split(';').next().unwrap_or_default().to_owned();
    let vote = |field: (&str, &str), status: u16| {
        app.visitor().post(&other.vote()).header("Cookie", &cookie).form(&[field]).expect(status)
    };
    vote(("choice", &other.value(0)), 303);
    vote(("write_in", "Yellow"), 409);
    assert_eq!(answers(app, &other), []);
}

fn a_written_answer_is_deleted_and_restored_as_what_it_was(app: &TestApp) {
    let poll = poll_with(app, "kind = 'single'");
    write(app, &poll, "Green", 303);
    let was = answers(app, &poll);
    let ada = app.administrator("ada");
    let deleted = ada.post(&format!("/admin/polls/choice/{}/delete/", was[0].0), &[("post", "yes")]).expect(303);
    let undo = ada.get(deleted.location()).expect(200).html().attribute(".messagelist form", "action");
    assert!(!app.get(&poll.detail()).expect(200).text().contains("Green"), "as a change of the wording");
    ada.post(&undo.expect("an undo"), &[]).expect(303);
    assert_eq!(answers(app, &poll), was);
    ada.submit(&format!("/admin/polls/choice/{}/change/", was[0].0), &[("choice_text", "Greenish")]).expect(303);
    assert!(!app.get(&poll.detail()).expect(200).text().contains("Green"));
}

fn a_ballot_that_marks_both_is_one_vote_after_a_merge(app: &TestApp) {
    let poll = poll_with(app, "kind = 'approval'");
    app.post(&poll.vote()).form(&[("choice", &poll.value(1)), ("write_in", "Bleu")]).expect(303);
    app.post(&poll.vote()).form(&[("write_in", "Bleu")]).expect(303);
    let ada = app.administrator("ada");
    act(&ada, "merge_write_in", answers(app, &poll)[0].0, "Blue");
    let results = app.get(&poll.results_as_written()).expect(200).html();
    assert_eq!(results.texts("table.results .votes"), ["0 votes", "2 votes"]);
    assert_eq!(results.texts(".percentage"), ["0%", "100%"]);
}
