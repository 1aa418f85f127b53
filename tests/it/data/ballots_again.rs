//! A vote that comes again with its `Idempotency-Key` counts once.

use chrono::TimeDelta;

use crate::support::servers::{Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_vote_that_comes_again_with_its_key_counts_once),
        on_every_database(the_same_key_with_another_choice_is_refused_and_the_first_counts),
        on_every_database(a_key_belongs_to_its_question),
        on_every_database(what_is_no_key_is_refused_and_nothing_counts),
        on_every_database(a_vote_that_was_none_leaves_its_key_free),
        on_every_database(counted_stays_counted_when_the_poll_closes_or_is_withdrawn),
        on_every_database(a_ballot_that_a_deletion_put_aside_still_counts_once),
        on_every_database(of_many_at_once_with_one_key_one_counts),
        on_every_database(of_two_processes_with_the_same_keys_one_counts_each),
        on_every_database(votes_with_and_without_keys_at_once_do_not_harm_each_other),
        on_every_database(a_key_outlives_the_program),
        on_sqlite(every_way_in_knows_the_key).needing(Need::Apache),
    ]
}

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

/// The vote for a choice, under a key.
fn status(visitor: &Visitor, poll: &Poll, choice: usize, key: &str) -> u16 {
    visitor.post(&poll.vote()).header("Idempotency-Key", key).form(&[("choice", &poll.value(choice))]).send().status
}

fn vote(app: &TestApp, poll: &Poll, choice: usize, key: &str) -> u16 {
    status(&app.visitor(), poll, choice, key)
}

#[track_caller]
fn counted(app: &Setup, poll: &Poll, expected: [i32; 3]) {
    assert_eq!(app.totals(poll), expected);
    assert_eq!(app.ballots(poll), expected.map(i64::from));
}

fn a_vote_that_comes_again_with_its_key_counts_once(app: &TestApp) {
    let poll = app.poll();
    let multipart = app.post(&poll.vote()).header("Idempotency-Key", KEY).multipart(&[("choice", &poll.value(1))]);
    assert_eq!(multipart.expect(303).location(), poll.results());
    for spelling in [KEY, &format!("\"{KEY}\"")] {
        let again = app.post(&poll.vote()).header("Idempotency-Key", spelling).form(&[("choice", &poll.value(1))]);
        assert_eq!(again.expect(303).location(), poll.results());
    }
    counted(app, &poll, [0, 1, 0]);
    // Version 7 UUIDs of the same millisecond are different keys, as are the spellings of one.
    for key in [
        "01934c3e-8f00-7000-8000-000000000001",
        "01934c3e-8f00-7000-8000-000000000002",
        "01934C3E-8F00-7000-8000-000000000002",
    ] {
        assert_eq!((vote(app, &poll, 2, key), vote(app, &poll, 2, key)), (303, 303));
    }
    counted(app, &poll, [0, 1, 3]);
    app.run(&["recount"]).expect(0);
}

fn the_same_key_with_another_choice_is_refused_and_the_first_counts(app: &TestApp) {
    let poll = app.poll();
    assert_eq!(vote(app, &poll, 0, KEY), 303);
    let other = || app.post(&poll.vote()).header("Idempotency-Key", KEY).form(&[("choice", &poll.value(2))]);
    let page = other().expect(422).html();
    assert_eq!(
        page.text("[role=alert]"),
        "This Idempotency-Key has already voted for another choice. That vote counts; this one was not counted."
    );
    assert_eq!(page.count("input[type=radio]"), 3);
    let page = other().header("Accept-Language", "ko").expect(422).html();
    assert!(page.text("[role=alert]").contains("이미 다른 항목에 투표했습니다"));
    assert_eq!(vote(app, &poll, 0, KEY), 303);
    counted(app, &poll, [1, 0, 0]);
}

fn a_key_belongs_to_its_question(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    assert_eq!((vote(app, &poll, 0, KEY), vote(app, &other, 2, KEY)), (303, 303));
    counted(app, &poll, [1, 0, 0]);
    counted(app, &other, [0, 0, 1]);
}

fn what_is_no_key_is_refused_and_nothing_counts(app: &TestApp) {
    let poll = app.poll();
    let (short, long) = ("k".repeat(21), "k".repeat(256));
    for wrong in ["", &short, &long, "caf\u{e9} and long enough for one", &format!("\"{KEY}"), &format!("{KEY}, {KEY}")]
    {
        let request = app.post(&poll.vote()).header("Idempotency-Key", wrong).form(&[("choice", &poll.value(0))]);
        let page = request.expect(400).html();
        assert_eq!(
            page.text("[role=alert]"),
            "The vote was not counted: its Idempotency-Key must be one header of 22 to 255 printable ASCII characters."
        );
    }
    let doubled = app.post(&poll.vote()).header("Idempotency-Key", KEY).header("Idempotency-Key", KEY);
    let page = doubled.form(&[("choice", &poll.value(0))]).header("Accept-Language", "ko").expect(400).html();
    assert!(page.text("[role=alert]").contains("22~255자"));
    assert_eq!(app.all_ballots(), 0);
    for right in [&"k".repeat(22), &"k".repeat(255), "a key may well have !#$%&'()*+,-./:;<=>?@ in it"] {
        assert_eq!(vote(app, &poll, 0, right), 303);
    }
    counted(app, &poll, [3, 0, 0]);
}

fn a_vote_that_was_none_leaves_its_key_free(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    let foreign = app.post(&poll.vote()).header("Idempotency-Key", KEY).form(&[("choice", &other.value(0))]);
    foreign.expect(400);
    app.post(&poll.vote()).header("Idempotency-Key", KEY).form(&[]).expect(400);
    assert_eq!(vote(app, &poll, 1, KEY), 303);
    counted(app, &poll, [0, 1, 0]);
}

fn counted_stays_counted_when_the_poll_closes_or_is_withdrawn(app: &TestApp) {
    let poll = app.poll();
    assert_eq!(vote(app, &poll, 1, KEY), 303);
    app.execute(&format!("UPDATE polls_question SET close_date = '2020-01-01 00:00:00' WHERE id = {}", poll.id));
    assert_eq!(vote(app, &poll, 1, KEY), 303);
    let other = app.post(&poll.vote()).header("Idempotency-Key", KEY).form(&[("choice", &poll.value(0))]);
    assert!(other.expect(422).html().text("[role=alert]").contains("already voted"));
    assert_eq!(vote(app, &poll, 1, "another key of somebody else"), 409);
    let later = polls::clock::storable(polls::clock::now() + TimeDelta::days(1)).format("%F %T");
    app.execute(&format!("UPDATE polls_question SET pub_date = '{later}' WHERE id = {}", poll.id));
    assert_eq!(vote(app, &poll, 1, KEY), 303);
    assert_eq!(vote(app, &poll, 1, "another key of somebody else"), 404);
    counted(app, &poll, [0, 1, 0]);
}

fn a_ballot_that_a_deletion_put_aside_still_counts_once(app: &TestApp) {
    let (poll, ada) = (app.poll(), app.administrator("ada"));
    assert_eq!(vote(app, &poll, 1, KEY), 303);
    let delete = |path: &str| ada.post(path, &[("post", "yes")]).expect(303);
    delete(&format!("/admin/polls/choice/{}/delete/", poll.choices[1]));
    assert_eq!((vote(app, &poll, 1, KEY), vote(app, &poll, 2, KEY)), (303, 422));
    delete(&format!("/admin/polls/question/{}/delete/", poll.id));
    assert_eq!((vote(app, &poll, 1, KEY), vote(app, &poll, 1, "another key of somebody else")), (303, 404));
    assert_eq!(app.all_ballots(), 0);
    app.run(&["recount"]).expect(0);
}

fn of_many_at_once_with_one_key_one_counts(app: &TestApp) {
    let poll = app.poll();
    let statuses: Vec<(usize, u16)> = std::thread::scope(|scope| {
        let cast = |n: usize| {
            scope.spawn({
                let poll = &poll;
                move || (n % 3, vote(app, poll, n % 3, KEY))
            })
        };
        let threads: Vec<_> = (0..30).map(cast).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    let totals = app.totals(&poll);
    let first = totals.iter().position(|votes| *votes == 1).expect("one counts");
    assert_eq!(totals.iter().sum::<i32>(), 1);
    assert_eq!(app.all_ballots(), 1);
    for (choice, status) in statuses {
        assert_eq!(status, if choice == first { 303 } else { 422 }, "{choice}");
    }
}

fn of_two_processes_with_the_same_keys_one_counts_each(setup: Setup) {
    let (poll, url) = (setup.poll(), setup.database().url.clone());
    let first = setup.start();
    let second = Setup::new(first.engine()).variable("POLLS_DATABASE_URL", &url).start();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let cast = |n: usize| {
            let (app, poll) = (if n.is_multiple_of(2) { &first } else { &second }, &poll);
            scope.spawn(move || vote(app, poll, n / 2 % 3, &format!("key number {:032}", n / 2)))
        };
        let threads: Vec<_> = (0..60).map(cast).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    assert_eq!(statuses, [303; 60]);
    counted(&first, &poll, [10, 10, 10]);
    first.run(&["recount"]).expect(0);
}

fn votes_with_and_without_keys_at_once_do_not_harm_each_other(app: &TestApp) {
    let (poll, other) = (app.poll(), app.poll());
    // Six of each: without a key, with one of two keys, with an own key for a choice of another question.
    let mut statuses: Vec<u16> = std::thread::scope(|scope| {
        let cast = |n: usize| {
            let (poll, other) = (&poll, &other);
            scope.spawn(move || match n % 3 {
                0 => app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send().status,
                1 => vote(app, poll, 1, &format!("{KEY} {}", n % 2)),
                _ => {
                    let request = app.post(&poll.vote()).header("Idempotency-Key", format!("{KEY} own {n}"));
                    request.form(&[("choice", &other.value(0))]).send().status
                }
            })
        };
        let threads: Vec<_> = (0..18).map(cast).collect();
        threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [[303; 6], [303; 6], [400; 6]].concat());
    counted(app, &poll, [6, 2, 0]);
    counted(app, &other, [0, 0, 0]);
}

fn a_key_outlives_the_program(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    assert_eq!(vote(&app, &poll, 1, KEY), 303);
    let app = app.stop().start();
    assert_eq!((vote(&app, &poll, 1, KEY), vote(&app, &poll, 0, KEY)), (303, 422));
    counted(&app, &poll, [0, 1, 0]);
}

fn every_way_in_knows_the_key(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    let poll = site.poll();
    for (n, way) in (1..).zip(Way::ALL) {
        let front = site.open_by(way);
        let vote = |choice: usize, keys: &[&str]| {
            let path = front.door.path(&poll.vote());
            let request =
                keys.iter().fold(front.door.visitor.post(&path), |request, key| request.header("Idempotency-Key", key));
            request.form(&[("choice", &poll.value(choice))]).send().status
        };
        let key = format!("\"a quoted key, by way of {way:?}\"");
        let statuses =
            [vote(0, &[&key]), vote(0, &[&key]), vote(1, &[&key]), vote(0, &[KEY, KEY]), vote(0, &["short"])];
        assert_eq!(statuses, [303, 303, 422, 400, 400], "{way:?}");
        assert_eq!(site.totals(&poll), [n, 0, 0], "{way:?}");
    }
}
