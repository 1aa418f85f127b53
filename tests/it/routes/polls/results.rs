//! `/polls/{id}/results/`

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(every_choice_is_shown_with_its_votes_in_words_that_fit),
        on_sqlite(in_korean_there_is_one_form),
        on_sqlite(without_a_vote_nothing_is_divided_by_it),
        on_every_database(the_largest_total_is_shown_and_not_exceeded),
        on_sqlite(the_way_back_to_the_form_is_there),
        on_sqlite(shares_add_up_and_digits_are_grouped),
        on_sqlite(the_end_is_shown_with_its_zone),
    ]
}

fn every_choice_is_shown_with_its_votes_in_words_that_fit(app: &TestApp) {
    let poll =
        app.question("How many?").choices(["None"]).choice_with_votes("One", 1).choice_with_votes("Two", 2).create();
    let page = app.get(&poll.results()).expect(200).html();
    assert_eq!(page.texts("main li .choice-text"), ["None", "One", "Two"]);
    assert_eq!(page.texts("main li .votes"), ["0 votes", "1 vote", "2 votes"]);
    assert_eq!(page.text("main .total"), "3 votes in all");
    assert_eq!(page.attributes("main li svg rect", "width"), ["0%", "33.3%", "66.7%"]);
    assert_eq!(page.texts("main li .percentage"), ["0%", "33.3%", "66.7%"]);
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

fn shares_add_up_and_digits_are_grouped(app: &TestApp) {
    let shown = |votes: [i32; 3]| {
        let [a, b, c] = votes;
        let poll =
            app.question("Shares?").choice_with_votes("A", a).choice_with_votes("B", b).choice_with_votes("C", c);
        let page = app.get(&poll.create().results()).expect(200).html();
        (page.texts("main li .percentage"), page.texts("main li .votes"), page.text("main .total"))
    };
    assert_eq!(shown([1, 1, 1]).0, ["33.4%", "33.3%", "33.3%"]);
    assert_eq!(shown([5, 5, 0]).0, ["50%", "50%", "0%"]);
    let (shares, votes, total) = shown([1, 999_999, 0]);
    assert_eq!(shares, ["<0.1%", ">99.9%", "0%"]);
    assert_eq!((votes[1].as_str(), total.as_str()), ("999,999 votes", "1,000,000 votes in all"));
}

fn the_end_is_shown_with_its_zone(setup: Setup) {
    let app = setup.settings("time_zone = \"Asia/Seoul\"").start();
    let open = app.question("Open?").closed_ago(-TimeDelta::days(1)).choices(["Yes"]).create();
    let closed = app.question("Closed?").closed_ago(TimeDelta::days(1)).choices(["Yes"]).create();
    for (poll, word) in [(&open, "Open until"), (&closed, "Since")] {
        for path in [poll.detail(), poll.results()] {
            let notes = app.get(&path).expect(200).html().texts("main .note");
            assert!(notes.iter().any(|note| note.contains(word) && note.contains("KST")), "{path}: {notes:?}");
        }
    }
    let notes = app.get("/polls/").expect(200).html().texts("main li .note");
    for word in ["Open until", "Closed"] {
        assert!(notes.iter().any(|note| note.contains(word) && note.contains("KST")), "{notes:?}");
    }
}
