//! Every vote is a row that stays, and `votes = opening + ballots`.

use std::collections::BTreeSet;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use polls::polls::schema::{polls_ballot, polls_choice};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_ballot_names_question_choice_and_a_voter_of_its_own),
        on_every_database(a_total_that_was_there_is_kept_as_the_opening_balance),
        on_every_database(what_django_adds_later_is_seen_as_its_own),
        on_every_database(ballots_go_with_their_question_and_not_before),
        on_every_database(voters_of_different_choices_at_once_are_all_counted),
        on_every_database(among_many_votes_the_bad_ones_fail_alone),
        on_every_database(two_processes_count_into_one_total),
        on_servers(a_choice_that_goes_while_a_vote_waits_for_it_takes_the_vote_along),
    ]
}

fn vote(app: &TestApp, poll: &Poll, choice: usize) {
    app.post(&poll.vote()).form(&[("choice", &poll.value(choice))]).expect(303);
}

fn opening(app: &Setup, choice: i64) -> Option<i32> {
    let row = polls_choice::table.filter(polls_choice::id.eq(choice)).select(polls_choice::opening_votes);
    row.first(&mut app.open()).expect("a choice")
}

fn a_ballot_names_question_choice_and_a_voter_of_its_own(app: &TestApp) {
    let poll = app.poll();
    vote(app, &poll, 0);
    vote(app, &poll, 2);
    let rows: Vec<(i64, i64, String)> = polls_ballot::table
        .order(polls_ballot::id)
        .select((polls_ballot::question_id, polls_ballot::choice_id, polls_ballot::voter))
        .load(&mut app.open())
        .expect("ballots");
    let named: Vec<_> = rows.iter().map(|(question, choice, _)| (*question, *choice)).collect();
    assert_eq!(named, [(poll.id, poll.choices[0]), (poll.id, poll.choices[2])]);
    let voters: BTreeSet<_> = rows.iter().map(|(_, _, voter)| voter).collect();
    assert!(voters.len() == 2 && voters.iter().all(|voter| voter.len() == 32), "{voters:?}");
}

fn a_total_that_was_there_is_kept_as_the_opening_balance(app: &TestApp) {
    let poll = app.question("Since when?").choice_with_votes("Long ago", 41).choices(["Now"]).create();
    vote(app, &poll, 0);
    vote(app, &poll, 0);
    vote(app, &poll, 1);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![43, 1], vec![2, 1]));
    assert_eq!(poll.choices.iter().map(|choice| opening(app, *choice)).collect::<Vec<_>>(), [Some(41), Some(0)]);
    app.run(&["recount"]).expect(0);
}

fn what_django_adds_later_is_seen_as_its_own(app: &TestApp) {
    let poll = app.poll();
    vote(app, &poll, 0);
    app.execute(&format!("UPDATE polls_choice SET votes = 10 WHERE id = {}", poll.choices[1]));
    vote(app, &poll, 1);
    assert_eq!(app.totals(&poll), [1, 11, 0]);
    assert_eq!(opening(app, poll.choices[1]), Some(10));
    app.run(&["recount"]).expect(0);
}

fn ballots_go_with_their_question_and_not_before(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    vote(app, &poll, 0);
    vote(app, &other, 1);
    // As Django deletes: what it knows of, the choices first.
    app.execute(&format!("DELETE FROM polls_choice WHERE question_id = {}", poll.id));
    app.execute(&format!("DELETE FROM polls_question WHERE id = {}", poll.id));
    assert_eq!((app.all_ballots(), app.ballots(&other)), (1, vec![0, 1, 0]));
    app.get(&poll.results()).expect(404);
    app.run(&["recount"]).expect(0);
}

fn voters_of_different_choices_at_once_are_all_counted(app: &TestApp) {
    let polls = [app.poll(), app.poll()];
    std::thread::scope(|scope| {
        for voter in 0..30 {
            let poll = &polls[voter % 2];
            scope.spawn(move || vote(app, poll, voter % 3));
        }
    });
    assert_eq!(polls.each_ref().map(|poll| app.totals(poll)), [[5, 5, 5], [5, 5, 5]]);
    app.run(&["recount"]).expect(0);
}

fn among_many_votes_the_bad_ones_fail_alone(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    let mut answers = std::thread::scope(|scope| {
        let cast = |choice: String| {
            let poll = &poll;
            scope.spawn(move || app.post(&poll.vote()).form(&[("choice", &choice)]).send().status)
        };
        let threads: Vec<_> = (0..20).map(|n| cast(if n % 2 == 0 { poll.value(0) } else { other.value(0) })).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect::<Vec<_>>()
    });
    answers.sort_unstable();
    assert_eq!(answers, [[303; 10], [400; 10]].concat());
    assert_eq!((app.totals(&poll), app.totals(&other)), (vec![10, 0, 0], vec![0, 0, 0]));
}

fn two_processes_count_into_one_total(setup: Setup) {
    let setup = setup.argument("--workers").argument("1");
    let (poll, url) = (setup.poll(), setup.database().url.clone());
    let first = setup.start();
    let second = Setup::new(first.engine()).variable("POLLS_DATABASE_URL", &url).start();
    std::thread::scope(|scope| {
        for voter in 0..24 {
            let (app, poll) = (if voter % 2 == 0 { &first } else { &second }, &poll);
            scope.spawn(move || vote(app, poll, voter % 3));
        }
    });
    assert_eq!(first.totals(&poll), [8, 8, 8]);
    first.run(&["recount"]).expect(0);
}

/// SQLite's writers come one after another, from the first statement.
fn a_choice_that_goes_while_a_vote_waits_for_it_takes_the_vote_along(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    vote(app, &poll, 1);
    let (first, last) = (poll.choices[0], poll.choices[2]);
    let changes = [
        (0, format!("UPDATE polls_choice SET question_id = {} WHERE id = {first}", other.id)),
        (2, format!("DELETE FROM polls_choice WHERE id = {last}")),
    ];
    for (choice, change) in changes {
        let mut conn = app.open();
        conn.batch_execute("BEGIN").expect("a transaction");
        conn.batch_execute(&change).expect("the choice is locked");
        std::thread::scope(|scope| {
            let voting = scope.spawn(|| app.post(&poll.vote()).form(&[("choice", &poll.value(choice))]).send());
            eventually("the vote waits", || (app.count(waiting(app)) == 1).then_some(()));
            conn.batch_execute("COMMIT").expect("the choice is gone");
            assert_eq!(voting.join().expect("an answer").status, 400);
        });
    }
    assert_eq!((app.count("polls_choice WHERE votes > 0"), app.all_ballots()), (1, 1));
    app.run(&["recount"]).expect(0);
}

/// Those of the database who change something, or wait to.
fn waiting(app: &TestApp) -> &'static str {
    match app.engine() {
        Engine::Mariadb => "information_schema.processlist WHERE db = database() AND state = 'Updating'",
        _ => "pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    }
}
