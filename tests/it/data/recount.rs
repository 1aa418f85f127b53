//! `polls recount` proves the totals, and changes one only when told which.

use diesel::prelude::*;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(totals_that_fit_are_proved),
        on_every_database(a_total_that_was_changed_is_named_and_left_alone),
        on_every_database(the_ballots_can_be_trusted),
        on_every_database(the_total_can_be_trusted),
        on_every_database(ballots_that_are_gone_are_missed),
        on_every_database(a_ballot_for_another_question_is_found),
        on_every_database(ballots_whose_choice_was_deleted_without_checks_are_found),
        on_sqlite(one_is_told_which_and_how),
        on_every_database(a_site_can_say_that_django_counts_too),
    ]
}

/// A poll with an opening balance of 5 and two ballots for its first choice.
fn counted(setup: Setup) -> (Setup, Poll) {
    let app = setup.start();
    let poll = app.question("Well?").choice_with_votes("Yes", 5).choices(["No"]).create();
    for _ in 0..2 {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
    (app.stop(), poll)
}

fn tampered(setup: Setup) -> (Setup, Poll) {
    let (setup, poll) = counted(setup);
    setup.execute(&format!("UPDATE polls_choice SET votes = 100 WHERE id = {}", poll.choices[0]));
    (setup, poll)
}

fn totals_that_fit_are_proved(setup: Setup) {
    let (setup, poll) = counted(setup);
    assert_eq!(setup.run(&["recount"]).expect(0).stdout, "2 choices, 2 ballots: every total fits.\n");
    for flag in ["--trust-ballots", "--trust-total"] {
        let said = setup.run(&["recount", flag, &poll.value(0)]).expect(0).stdout;
        assert!(said.contains("nothing was changed"), "{said}");
    }
    assert_eq!(setup.totals(&poll), [7, 0]);
}

fn a_total_that_was_changed_is_named_and_left_alone(setup: Setup) {
    let (setup, poll) = tampered(setup);
    let said = setup.run(&["recount"]).expect(1).stdout;
    let choice = format!("choice {} of question {} (\"Yes\")", poll.choices[0], poll.id);
    assert!(said.contains(&choice), "{said}");
    assert!(said.contains("the total is 100, expected 7 (opening balance 5, 2 ballots)"), "{said}");
    assert!(!said.contains("\"No\"") && said.contains("1 of 2 totals do not fit"), "{said}");
    assert_eq!(setup.totals(&poll), [100, 0]);
}

fn a_site_can_say_that_django_counts_too(setup: Setup) {
    let (setup, _) = tampered(setup.settings("shared_with_django = true"));
    let said = setup.run(&["recount"]).expect(0).stdout;
    assert!(said.contains("expected 7 (opening balance 5, 2 ballots); 93 counted elsewhere"), "{said}");
}

fn the_ballots_can_be_trusted(setup: Setup) {
    let (setup, poll) = tampered(setup);
    let said = setup.run(&["recount", "--trust-ballots", &poll.value(0)]).expect(0).stdout;
    assert!(said.starts_with("Corrected: ") && said.ends_with("every total fits.\n"), "{said}");
    assert_eq!((setup.totals(&poll), setup.ballots(&poll)), (vec![7, 0], vec![2, 0]));
}

fn the_total_can_be_trusted(setup: Setup) {
    let (setup, poll) = tampered(setup);
    setup.run(&["recount", "--trust-total", &poll.value(0)]).expect(0);
    assert_eq!((setup.totals(&poll), setup.ballots(&poll)), (vec![100, 0], vec![2, 0]));
    let app = setup.start();
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(app.totals(&poll), [101, 0]);
    app.run(&["recount"]).expect(0);
}

fn ballots_that_are_gone_are_missed(setup: Setup) {
    let (setup, poll) = counted(setup);
    setup.execute("DELETE FROM polls_ballot");
    let said = setup.run(&["recount"]).expect(1).stdout;
    assert!(said.contains("the total is 7, expected 5"), "{said}");
    setup.run(&["recount", "--trust-ballots", &poll.value(0)]).expect(0);
    assert_eq!(setup.totals(&poll), [5, 0]);
}

fn a_ballot_for_another_question_is_found(setup: Setup) {
    let (setup, poll) = counted(setup);
    let other = setup.poll();
    setup.execute(&format!("UPDATE polls_ballot SET question_id = {}", other.id));
    let said = setup.run(&["recount"]).expect(1).stdout;
    assert!(said.contains("2 ballots name another question"), "{said}");
    assert_eq!(setup.totals(&poll), [7, 0]);
}

fn ballots_whose_choice_was_deleted_without_checks_are_found(setup: Setup) {
    let (setup, poll) = counted(setup);
    let mut conn = setup.open();
    let without_checks = match setup.engine() {
        Engine::Sqlite => "PRAGMA foreign_keys = OFF",
        Engine::Postgres => "SET session_replication_role = replica",
        Engine::Mariadb => "SET foreign_key_checks = 0",
    };
    for sql in [without_checks, &format!("DELETE FROM polls_choice WHERE id = {}", poll.choices[0])] {
        diesel::sql_query(sql).execute(&mut conn).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let said = setup.run(&["recount"]).expect(1).stdout;
    assert!(said.contains("2 ballots name a choice that is not there"), "{said}");
}

fn one_is_told_which_and_how(setup: Setup) {
    let (setup, poll) = tampered(setup);
    assert!(setup.run(&["recount", "--trust-ballots", "4711"]).expect(1).stderr.contains("there is no choice 4711"));
    let (both, id) = (["recount", "--trust-ballots"], poll.value(0));
    setup.run(&[both[0], both[1], &id, "--trust-total", &id]).expect(2);
    setup.run(&["recount", "--trust-ballots", "all"]).expect(2);
    assert_eq!(setup.totals(&poll), [100, 0]);
}
