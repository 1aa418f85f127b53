//! `/polls/{id}/results/`

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(every_choice_is_shown_with_its_votes_in_words_that_fit),
        on_sqlite(in_korean_there_is_one_form),
        on_sqlite(without_a_vote_nothing_is_divided_by_it),
        on_every_database(the_largest_total_is_shown_and_not_exceeded),
        on_sqlite(the_way_back_to_the_form_is_there),
    ]
}

fn every_choice_is_shown_with_its_votes_in_words_that_fit(app: &TestApp) {
    let poll =
        app.question("How many?").choices(["None"]).choice_with_votes("One", 1).choice_with_votes("Two", 2).create();
    let page = app.get(&poll.results()).expect(200).html();
    assert_eq!(page.texts("main li .choice-text"), ["None", "One", "Two"]);
    assert_eq!(page.texts("main li .votes"), ["0 votes", "1 vote", "2 votes"]);
    assert_eq!(page.text("main .total"), "3 votes in all");
    assert_eq!(page.attributes("main li svg rect", "width"), ["0%", "33%", "67%"]);
}

fn in_korean_there_is_one_form(app: &TestApp) {
    let poll = app.question("몇 표?").choice_with_votes("하나", 1).choice_with_votes("둘", 2).create();
    let page = app.get(&poll.results()).header("Accept-Language", "ko-KR,ko;q=0.9,en;q=0.5").expect(200).html();
    assert_eq!(page.texts("main li .votes"), ["1표", "2표"]);
    assert_eq!(page.text("main .total"), "총 3표");
}

fn without_a_vote_nothing_is_divided_by_it(app: &TestApp) {
    let poll = app.poll();
    let page = app.get(&poll.results()).expect(200).html();
    assert_eq!(page.texts("main li .votes"), ["0 votes", "0 votes", "0 votes"]);
    assert_eq!(page.attributes("main li svg rect", "width"), ["0%", "0%", "0%"]);
    assert_eq!(page.text("main .total"), "No votes yet");
}

/// Django's column ends at 2,147,483,647: the next vote cannot be counted and must say so.
fn the_largest_total_is_shown_and_not_exceeded(app: &TestApp) {
    let poll = app.question("Full?").choice_with_votes("Yes", i32::MAX).choices(["No"]).create();
    app.get(&poll.results()).expect(200);
    let response = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send();
    assert!((400..500).contains(&response.status) || response.status == 503, "{}", response.status);
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    assert_eq!(app.totals(&poll), [i32::MAX, 1]);
    assert_eq!(app.ballots(&poll), [0, 1]);
    app.get(&poll.results()).expect(200);
}

fn the_way_back_to_the_form_is_there(app: &TestApp) {
    let poll = app.poll();
    let page = app.get(&poll.results()).expect(200).html();
    assert_eq!(page.text(&format!("main a[href='{}']", poll.detail())), "Vote again?");
}
