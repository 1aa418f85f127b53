//! `POST /polls/{id}/vote/`: exactly one vote, or none.

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_vote_is_counted_once_and_leads_to_the_results),
        on_every_database(a_multipart_form_votes_as_well),
        on_every_database(a_vote_without_a_choice_is_the_form_again_with_a_message),
        on_every_database(a_choice_of_another_question_is_refused),
        on_every_database(a_choice_that_is_none_is_refused),
        on_every_database(a_choice_that_has_gone_is_said_to_be_gone),
        on_every_database(a_vote_that_comes_late_is_told),
        on_sqlite(the_address_of_a_vote_leads_to_the_poll),
        on_every_database(a_question_that_is_missing_or_upcoming_is_not_found),
        on_every_database(a_ballot_with_two_choices_is_refused_where_one_is_asked_for),
        on_every_database(a_body_that_is_no_form_is_refused),
        on_every_database(fifty_voters_on_one_choice_are_all_counted),
    ]
}

fn a_vote_is_counted_once_and_leads_to_the_results(app: &TestApp) {
    let poll = app.poll();
    let response = app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    assert_eq!(response.location(), poll.results());
    assert_eq!(app.totals(&poll), [0, 1, 0]);
    assert_eq!(app.ballots(&poll), [0, 1, 0]);
}

fn a_multipart_form_votes_as_well(app: &TestApp) {
    let poll = app.poll();
    app.post(&poll.vote()).multipart(&[("choice", &poll.value(2))]).expect(303);
    assert_eq!(app.totals(&poll), [0, 0, 1]);
    assert_eq!(app.ballots(&poll), [0, 0, 1]);
}

fn a_vote_without_a_choice_is_the_form_again_with_a_message(app: &TestApp) {
    let poll = app.poll();
    for request in [
        app.post(&poll.vote()).form(&[]),
        app.post(&poll.vote()).form(&[("choice", "")]),
        app.post(&poll.vote()).form(&[("other", &poll.value(0))]),
        app.post(&poll.vote()).multipart(&[]),
        app.post(&poll.vote()),
    ] {
        let page = request.expect(400).html();
        assert_eq!(page.text("[role=alert]"), "You didn't select a choice.");
        assert_eq!(page.count("input[type=radio]"), 3);
    }
    assert_eq!(app.totals(&poll), [0, 0, 0]);
    assert_eq!(app.all_ballots(), 0);
}

fn a_choice_of_another_question_is_refused(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    app.post(&poll.vote()).form(&[("choice", &other.value(0))]).expect(400);
    assert_eq!((app.totals(&poll), app.totals(&other)), (vec![0; 3], vec![0; 3]));
    assert_eq!(app.all_ballots(), 0);
}

fn a_choice_that_is_none_is_refused(app: &TestApp) {
    let poll = app.poll();
    for value in ["abc", "-1", "0", "1.0", "99999999", "99999999999999999999", "1 OR 1=1", "é", "\0"] {
        app.post(&poll.vote()).form(&[("choice", value)]).expect(400);
    }
    app.post(&poll.vote()).body("application/x-www-form-urlencoded", b"choice=%FF%FE&\xff=\xff".as_slice()).expect(400);
    assert_eq!(app.totals(&poll), [0, 0, 0]);
    assert_eq!(app.all_ballots(), 0);
}

fn a_choice_that_has_gone_is_said_to_be_gone(app: &TestApp) {
    let poll = app.poll();
    app.execute(&format!("DELETE FROM polls_choice WHERE id = {}", poll.value(1)));
    let page = app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(400).html();
    assert!(page.text("[role=alert]").starts_with("The choice you selected is not there any more"));
    assert_eq!(page.count("input[type=radio]"), 2);
    assert_eq!(app.all_ballots(), 0);
}

fn a_vote_that_comes_late_is_told(app: &TestApp) {
    let poll = app.question("Over?").closed_ago(TimeDelta::seconds(1)).choices(["Yes"]).create();
    assert_eq!(app.get(&poll.detail()).expect(200).html().count("[role=alert]"), 0);
    let page = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(409).html();
    assert!(page.text("[role=alert]").starts_with("Your vote was not counted: it came after this poll had closed."));
    assert_eq!(app.totals(&poll), [0]);
}

fn the_address_of_a_vote_leads_to_the_poll(app: &TestApp) {
    let poll = app.poll();
    assert_eq!(app.get(&poll.vote()).expect(302).location(), poll.detail());
    assert_eq!(app.request("HEAD", &poll.vote()).expect(302).location(), poll.detail());
}

fn a_question_that_is_missing_or_upcoming_is_not_found(app: &TestApp) {
    let upcoming = app.question("Soon?").upcoming_in(TimeDelta::days(1)).choices(["Yes"]).create();
    app.post(&upcoming.vote()).form(&[("choice", &upcoming.value(0))]).expect(404);
    app.post(&upcoming.vote()).form(&[]).expect(404);
    app.post("/polls/123456/vote/").form(&[("choice", &upcoming.value(0))]).expect(404);
    for id in ["abc", "-1", "0", "99999999999999999999"] {
        app.post(&format!("/polls/{id}/vote/")).form(&[("choice", &upcoming.value(0))]).expect(404);
    }
    assert_eq!(app.totals(&upcoming), [0]);
    assert_eq!(app.all_ballots(), 0);
}

fn a_ballot_with_two_choices_is_refused_where_one_is_asked_for(app: &TestApp) {
    let poll = app.poll();
    let doubled = [("choice", poll.value(0)), ("choice", poll.value(2))];
    let doubled = doubled.each_ref().map(|(name, value)| (*name, value.as_str()));
    for refused in [app.post(&poll.vote()).form(&doubled), app.post(&poll.vote()).multipart(&doubled)] {
        assert!(refused.expect(400).html().text("[role=alert]").starts_with("Please mark one choice only."));
    }
    assert_eq!(app.totals(&poll), [0, 0, 0]);
}

fn a_body_that_is_no_form_is_refused(app: &TestApp) {
    let poll = app.poll();
    let json = format!("{{\"choice\": {}}}", poll.value(0));
    app.post(&poll.vote()).body("application/json", json).expect(415);
    app.post(&poll.vote()).body("text/plain", format!("choice={}", poll.value(0))).expect(415);
    assert_eq!(app.all_ballots(), 0);
}

fn fifty_voters_on_one_choice_are_all_counted(app: &TestApp) {
    let poll = app.poll();
    std::thread::scope(|scope| {
        for _ in 0..50 {
            let (visitor, poll) = (app.visitor(), &poll);
            scope.spawn(move || visitor.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303));
        }
    });
    assert_eq!(app.totals(&poll), [50, 0, 0]);
    assert_eq!(app.ballots(&poll), [50, 0, 0]);
    app.run(&["recount"]).expect(0);
}
