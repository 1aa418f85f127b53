//! Votes in the admin: closing, and that nobody writes them by a form.

use chrono::TimeDelta;

use super::{CHOICES, QUESTIONS, change, form_of};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_closed_poll_takes_no_votes_and_says_since_when),
        on_every_database(closing_and_opening_again_is_a_change_like_any_other),
        on_every_database(a_count_that_is_posted_is_ignored),
        on_every_database(a_choice_that_has_votes_keeps_its_question),
        on_every_database(votes_are_counted_while_the_question_is_edited),
    ]
}

fn a_closed_poll_takes_no_votes_and_says_since_when(app: &TestApp) {
    let poll = app.question("Over?").closed_ago(TimeDelta::hours(1)).choices(["Yes", "No"]).create();
    app.execute("UPDATE polls_question SET pub_date = '2026-02-01 00:00:00', close_date = '2026-03-01 09:30:00'");
    let page = app.get(&poll.detail()).expect(200).html();
    assert_eq!(page.count("form.ballot, [name=choice]"), 0);
    assert_eq!(page.count(&format!("main a[href='{}']", poll.results())), 1);
    for choice in [poll.value(0), "999".to_owned(), "x".to_owned(), String::new()] {
        let page = app.post(&poll.vote()).form(&[("choice", &choice)]).expect(409).html();
        assert_eq!(page.text(".closed h2"), "This poll is closed", "{choice}");
        let since = page.text(".closed .note");
        assert!(since.starts_with("Since ") && since.contains("2026") && since.contains("9:30"), "{since}");
        assert_eq!(page.count(&format!("main a[href='{}']", poll.results())), 1);
    }
    app.post(&poll.vote()).form(&[]).expect(409);
    app.get(&poll.results()).expect(200);
    assert_eq!((app.totals(&poll), app.all_ballots()), (vec![0, 0], 0));
}

/// The page was open when the poll was closed: the ballot's own transaction decides.
fn closing_and_opening_again_is_a_change_like_any_other(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let vote = || app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send().status;
    assert_eq!(app.get(&poll.detail()).expect(200).html().count("form.ballot"), 1);
    assert_eq!(vote(), 303);
    ada.post(QUESTIONS, &[("action", "close_now"), ("select_across", "1")]).expect(303);
    assert_eq!(vote(), 409);
    ada.submit(&form_of(&poll), &[("close_date_0", ""), ("close_date_1", "")]).expect(303);
    assert_eq!(vote(), 303);
    ada.submit(&form_of(&poll), &[("close_date_0", "2999-12-31"), ("close_date_1", "23:59")]).expect(303);
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.attribute("#id_close_date_0", "value").as_deref(), Some("2999-12-31"));
    assert_eq!(vote(), 303);
    ada.submit(&form_of(&poll), &[("pub_date_0", "2026-01-01"), ("close_date_0", "2026-02-01")]).expect(303);
    assert_eq!(vote(), 409);
    assert_eq!(app.totals(&poll), [3, 0, 0]);
    app.run(&["recount"]).expect(0);
}

fn a_count_that_is_posted_is_ignored(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    let page = ada.get(&form_of(&poll)).expect(200).html();
    assert_eq!(page.count("[name$=votes]"), 0);
    assert_eq!(page.texts("#choice_set-group tbody .field-votes")[..3], ["1", "0", "0"]);
    let counts = [
        ("choice_set-0-votes", "999"),
        ("choice_set-3-choice_text", "New"),
        ("choice_set-3-votes", "5"),
        ("votes", "7"),
    ];
    ada.submit(&form_of(&poll), &counts).expect(303);
    ada.submit(&change(CHOICES, poll.choices[1]), &[("votes", "999"), ("choice_text", "Changed")]).expect(303);
    let question = poll.id.to_string();
    let added = [("question", question.as_str()), ("choice_text", "Added"), ("votes", "50"), ("opening_votes", "3")];
    ada.post(&format!("{CHOICES}add/"), &added).expect(303);
    assert_eq!(app.totals(&poll), [1, 0, 0, 0, 0]);
    app.run(&["recount"]).expect(0);
}

fn votes_are_counted_while_the_question_is_edited(app: &TestApp) {
    let (ada, poll) = (app.administrator("ada"), app.poll());
    let voting = std::sync::atomic::AtomicUsize::new(4);
    let counted: i32 = std::thread::scope(|scope| {
        let voters: Vec<_> = (0..4)
            .map(|voter| {
                let (poll, voting) = (&poll, &voting);
                scope.spawn(move || {
                    let vote = |number: usize| {
                        let choice = poll.value((voter + number) % 3);
                        app.post(&poll.vote()).form(&[("choice", &choice)]).send().status
                    };
                    let statuses: Vec<_> = (0..40).map(vote).collect();
                    voting.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    assert!(statuses.iter().all(|status| *status == 303), "{statuses:?}");
                    i32::try_from(statuses.len()).expect("a few")
                })
            })
            .collect();
        let mut round = 0;
        while voting.load(std::sync::atomic::Ordering::SeqCst) > 0 {
            round += 1;
            let text = format!("Round {round}");
            let typed = [
                ("question_text", text.as_str()),
                ("choice_set-0-choice_text", &text),
                ("choice_set-2-choice_text", &format!("{text} again")),
            ];
            let status = ada.submit(&form_of(&poll), &typed).status;
            // A database that finds two in each other's way may ask the editor to come again.
            assert!(matches!(status, 303 | 503), "{status}");
        }
        voters.into_iter().map(|voter| voter.join().expect("it voted")).sum()
    });
    assert_eq!(app.totals(&poll).iter().sum::<i32>(), counted);
    assert_eq!(app.all_ballots(), i64::from(counted));
    app.run(&["recount"]).expect(0);
}

fn a_choice_that_has_votes_keeps_its_question(app: &TestApp) {
    let (ada, other) = (app.administrator("ada"), app.poll().id.to_string());
    let poll =
        app.question("Why?").choice_with_votes("Counted by Django", 2).choices(["Voted for", "Without"]).create();
    app.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303);
    for choice in [0, 1] {
        let page = ada.submit(&change(CHOICES, poll.choices[choice]), &[("question", &other)]).expect(200).html();
        assert_eq!(page.texts("#id_question_error li"), ["This choice has votes, so it stays with its question."]);
        assert_eq!(page.attribute("#id_question option[selected]", "value").as_deref(), Some(other.as_str()));
    }
    ada.submit(&change(CHOICES, poll.choices[2]), &[("question", &other)]).expect(303);
    assert_eq!(app.totals(&poll), [2, 1]);
}
