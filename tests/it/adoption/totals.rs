//! What Django has counted is an opening balance, and `polls recount` finds what it counts later.

use super::{NEWS, SEASONS};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_every_database(votes_add_to_what_django_has_counted),
        on_every_database(what_django_counts_before_our_first_ballot_fits),
        on_every_database(what_django_counts_after_our_first_ballot_is_named_and_can_be_kept),
        on_every_database(what_django_counts_after_our_first_ballot_can_be_undone),
    ];
    tests.map(|test| test.needing(Need::Django)).into()
}

fn votes_add_to_what_django_has_counted(setup: Setup) {
    let (app, seasons, news) = adopted(setup);
    app.run(&["recount"]).expect(0);
    for choice in [0, 0, 1, 3] {
        app.post(&seasons.vote()).form(&[("choice", &seasons.value(choice))]).expect(303);
    }
    assert_eq!(app.totals(&seasons), [9, 1, 12, 4]);
    assert_eq!(app.ballots(&seasons), [2, 1, 0, 1]);
    assert_eq!((app.totals(&news), app.ballots(&news)), (vec![7, 0], vec![0, 0]));
    let results = app.get(&seasons.results()).expect(200).html();
    assert_eq!(results.texts(".votes"), ["9 votes", "1 vote", "12 votes", "4 votes"]);
    app.run(&["recount"]).expect(0);
}

fn what_django_counts_before_our_first_ballot_fits(setup: Setup) {
    let (app, _, news) = adopted(setup);
    app.django().vote(news.choices[0]);
    app.run(&["recount"]).expect(0);
    app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
    assert_eq!((app.totals(&news), app.ballots(&news)), (vec![9, 0], vec![1, 0]));
    app.run(&["recount"]).expect(0);
}

fn what_django_counts_after_our_first_ballot_is_named_and_can_be_kept(setup: Setup) {
    let (app, _, news) = adopted(setup);
    counted_past_the_ballots(&app, &news);
    app.run(&["recount", "--trust-total", &news.value(0)]).expect(0);
    assert_eq!((app.totals(&news), app.ballots(&news)), (vec![9, 0], vec![1, 0]));
    app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
    assert_eq!(app.totals(&news), [10, 0]);
    app.run(&["recount"]).expect(0);
}

fn what_django_counts_after_our_first_ballot_can_be_undone(setup: Setup) {
    let (app, _, news) = adopted(setup);
    counted_past_the_ballots(&app, &news);
    app.run(&["recount", "--trust-ballots", &news.value(0)]).expect(0);
    assert_eq!((app.totals(&news), app.ballots(&news)), (vec![8, 0], vec![1, 0]));
    app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
    assert_eq!(app.totals(&news), [9, 0]);
    app.run(&["recount"]).expect(0);
}

/// A ballot of ours and a vote of Django's on the same choice, which `polls recount` tells apart.
#[track_caller]
fn counted_past_the_ballots(app: &TestApp, news: &Poll) {
    app.post(&news.vote()).form(&[("choice", &news.value(0))]).expect(303);
    app.django().vote(news.choices[0]);
    let report = app.run(&["recount"]).expect(1).stdout;
    let (choice, question) = (news.choices[0], news.id);
    let named: Vec<_> = report.lines().filter(|line| line.starts_with("choice ")).collect();
    assert_eq!(named.len(), 1, "{report}");
    assert!(named[0].starts_with(&format!("choice {choice} of question {question} ")), "{report}");
    assert!(named[0].contains("the total is 9, expected 8 (opening balance 7, 1 ballots)"), "{report}");
    assert_eq!(app.totals(news), [9, 0], "a recount changes nothing by itself");
}

/// A running site on an adopted database, and two of its polls.
#[track_caller]
fn adopted(setup: Setup) -> (TestApp, Poll, Poll) {
    let setup = setup.adopted_from_django();
    let snapshot = setup.django().snapshot();
    (setup.start(), snapshot.poll(SEASONS), snapshot.poll(NEWS))
}
