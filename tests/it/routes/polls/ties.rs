//! How ties are decided: it is said beforehand, and anybody can draw the lot again.

use std::process::Command;

use chrono::TimeDelta;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_tie_is_decided_by_a_lot_that_anybody_can_draw_again),
        on_sqlite(the_rule_and_the_seed_are_shown_before_a_poll_opens),
        on_sqlite(the_rule_for_ties_and_the_seed_become_fixed),
        on_every_database(every_new_poll_has_a_seed_of_its_own),
    ]
}

const SEED: &str = "the numbers of Saturday: 3 17 22 25 38 44";

/// A poll whose tie for the first place is decided by the lot.
fn by_lot(app: &TestApp, poll: &Poll) {
    app.execute(&format!("UPDATE polls_question SET ties = 'lot', lot_seed = '{SEED}' WHERE id = {}", poll.id));
}

/// The number that the page's own command prints for a choice.
fn drawn(choice: i64) -> String {
    let command = format!("printf '%s' '{SEED}{choice}' | sha256sum");
    let output = Command::new("sh").args(["-c", &command]).output().expect("sh can be started");
    String::from_utf8(output.stdout).expect("digits")
}

fn a_tie_is_decided_by_a_lot_that_anybody_can_draw_again(app: &TestApp) {
    let question = app.question("Who?").choice_with_votes("Ada", 3).choice_with_votes("Bob", 3);
    let poll =
        question.choice_with_votes("Cem", 3).choice_with_votes("Dan", 1).closed_ago(TimeDelta::hours(1)).create();
    let page = app.get(&poll.results()).expect(200).html();
    assert!(page.text("main .summary").contains("Tied"), "{}", page.text("main .summary"));
    assert_eq!(page.count("main .lot") + page.count("main .ties"), 0);
    by_lot(app, &poll);
    let names = ["Ada", "Bob", "Cem"];
    let winner = (0..3).min_by_key(|index| drawn(poll.choices[*index])).expect("there are three");
    let page = app.get(&poll.results()).header("Cookie", "fresh=1").expect(200).html();
    assert!(page.text("main .summary").contains(names[winner]), "{}", page.text("main .summary"));
    assert_eq!(
        page.text("main .lot").replace(['\u{2068}', '\u{2069}'], ""),
        "Ada, Bob, Cem shared the first place, and the lot decided."
    );
    assert_eq!(page.texts("main tr .choice-text")[0], names[winner]);
    assert_eq!(page.text("main .ties .seed"), SEED);
    assert_eq!(page.text("main .ties pre"), format!("printf '%s' '{SEED}17' | sha256sum"));
}

fn the_rule_and_the_seed_are_shown_before_a_poll_opens(app: &TestApp) {
    let poll = app.question("Who?").choices(["Ada", "Bob"]).upcoming_in(TimeDelta::hours(1)).create();
    by_lot(app, &poll);
    assert_eq!(app.get(&poll.detail()).expect(404).html().text("main .ties .seed"), SEED);
    // A kind whose count may need the lot says so, too.
    let ranked = app.poll();
    app.execute(&format!("UPDATE polls_question SET kind = 'ranked' WHERE id = {}", ranked.id));
    let page = app.get(&ranked.detail()).expect(200).html();
    assert_eq!(page.text("main .ties .seed"), ranked.id.to_string());
    assert!(page.text("main .ties").contains("the last one of the lot"));
    assert_eq!(app.get(&app.poll().detail()).expect(200).html().count("main .ties"), 0);
}

fn the_rule_for_ties_and_the_seed_become_fixed(app: &TestApp) {
    app.user("admin").superuser().create();
    let set = |poll: &Poll, field: &str| app.run(&["question", "edit", &poll.id.to_string(), "--set", field]);
    let upcoming = app.question("Who?").choices(["Ada", "Bob"]).upcoming_in(TimeDelta::hours(1)).create();
    set(&upcoming, "lot_seed=another one").expect(0);
    set(&upcoming, "ties=lot").expect(0);
    let poll = app.poll();
    set(&poll, "ties=lot").expect(0);
    let said = set(&poll, "lot_seed=mine").expect(1).stderr;
    assert!(said.contains("seed"), "{said}");
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    // Nor can it be by a detour: with the ballots known, a seed could be chosen by the winner.
    for detour in ["is_draft=true", "pub_date=2999-01-01 00:00"] {
        set(&poll, detour).expect(0);
        set(&poll, "lot_seed=mine").expect(1);
    }
    let said = set(&poll, "ties=tie").expect(1).stderr;
    assert!(said.contains("There are ballots already"), "{said}");
}

fn every_new_poll_has_a_seed_of_its_own(app: &TestApp) {
    app.user("admin").superuser().create();
    let seed = |id: &str| {
        let shown = app.run(&["question", "show", id]).expect(0).stdout;
        shown
            .lines()
            .find_map(|line| line.strip_prefix("lot_seed").map(|rest| rest.trim_start_matches(['=', ' ']).to_owned()))
    };
    let [one, other] = [(); 2].map(|()| {
        let added = app.run(&["question", "add", "Who?", "--choice", "Ada", "--choice", "Bob"]).expect(0).stdout;
        let id: String = added.chars().filter(char::is_ascii_digit).collect();
        seed(&id).expect("a seed")
    });
    assert!(one != other && one.trim_matches('"').len() == 32, "{one} {other}");
}
