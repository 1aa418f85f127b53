//! What Django has counted is an opening balance, and `polls recount` finds what it counts later.

use super::{NEWS, SEASONS};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_every_database(votes_add_to_what_django_has_counted),
        on_every_database(what_django_counts_before_our_first_ballot_fits),
        on_every_database(what_django_counts_after_our_first_ballot_is_named_and_can_be_kept),
        on_every_database(what_django_counts_after_our_first_ballot_can_be_undone),
        on_every_database(what_nothing_counts_is_a_fault_also_while_django_counts),
        on_sqlite(whether_django_counts_here_can_be_said),
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
    let results = app.get(&seasons.results_as_written()).expect(200).html();
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
    let report = app.run(&["recount"]).expect(0).stdout;
    let (choice, question) = (news.choices[0], news.id);
    let named: Vec<_> = report.lines().filter(|line| line.starts_with("choice ")).collect();
    assert_eq!(named.len(), 1, "{report}");
    assert!(named[0].starts_with(&format!("choice {choice} of question {question} ")), "{report}");
    assert!(named[0].contains("the total is 9, expected 8 (opening balance 7, 1 ballots)"), "{report}");
    assert!(named[0].ends_with("; 1 counted elsewhere"), "{report}");
    assert!(report.contains("1 votes were counted elsewhere: Django"), "{report}");
    assert_eq!(app.totals(news), [9, 0], "a recount changes nothing by itself");
}

fn what_nothing_counts_is_a_fault_also_while_django_counts(setup: Setup) {
    let (app, seasons, news) = adopted(setup);
    counted_past_the_ballots(&app, &news);
    let choice = news.choices[0];
    for (votes, is_wrong) in [(8, false), (7, true), (0, true), (-5, true), (100, false), (9, false)] {
        app.execute(&format!("UPDATE polls_choice SET votes = {votes} WHERE id = {choice}"));
        let report = app.run(&["recount"]).expect(u8::from(is_wrong).into()).stdout;
        assert_eq!(report.contains("1 of "), is_wrong, "{votes}: {report}");
    }
    // Before the first ballot any total is an opening balance, but none is below 0.
    app.execute(&format!("UPDATE polls_choice SET votes = -5 WHERE id = {}", seasons.choices[0]));
    let report = app.run(&["recount"]).expect(1).stdout;
    assert!(report.contains("the total is -5, expected 0 "), "{report}");
    assert!(report.contains("; a total below 0 counts nothing"), "{report}");
    if app.engine() == Engine::Sqlite {
        app.execute(&format!("UPDATE polls_choice SET votes = 4294967303 WHERE id = {}", seasons.choices[0]));
        assert!(app.run(&["recount"]).expect(1).stdout.contains("the total is 4294967303, expected 2147483647"));
    }
}

fn whether_django_counts_here_can_be_said(setup: Setup) {
    let (app, _, news) = adopted(setup);
    counted_past_the_ballots(&app, &news);
    let setup = app.stop().settings("shared_with_django = false");
    assert!(setup.run(&["recount"]).expect(1).stdout.contains("1 of "));
}

/// A running site on an adopted database, and two of its polls.
#[track_caller]
fn adopted(setup: Setup) -> (TestApp, Poll, Poll) {
    let setup = setup.adopted_from_django();
    let snapshot = setup.django().snapshot();
    (setup.start(), snapshot.poll(SEASONS), snapshot.poll(NEWS))
}
