//! Secret polls: who has voted is stored apart from what was voted.

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use polls::polls::eligibility::invitation::{self, InvitationCounts, InvitationToken};
use polls::polls::schema::{polls_ballot, polls_participation};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_secret_ballot_is_stored_without_its_voter),
        on_every_database(a_secret_ballot_counts_once),
        on_every_database(the_order_of_secret_ballots_says_nothing),
        on_every_database(accounts_vote_secretly_and_turnout_is_known),
        on_postgres(what_the_server_keeps_of_a_row_joins_no_voter_with_a_ballot),
        on_sqlite(a_secret_poll_says_so),
        on_sqlite(secrecy_needs_voters_and_is_fixed_by_the_first_ballot),
        on_every_database(a_deleted_secret_poll_comes_back_with_its_ballots_and_voters),
        on_every_database(a_restart_forgets_no_voter),
        on_every_database(voters_of_a_poll_that_is_gone_are_forgotten),
    ]
}

fn secret_poll(app: &Setup, voters: &str) -> Poll {
    let poll = app.poll();
    app.execute(&format!(
        "UPDATE polls_question SET voters = '{voters}', is_secret = (1 = 1), results = 'always' WHERE id = {}",
        poll.id
    ));
    poll
}

fn links(app: &Setup, poll: &Poll, count: usize) -> Vec<InvitationToken> {
    invitation::make(&mut app.open(), poll.id, &vec!["Ada".to_owned(); count]).expect("links can be made")
}

#[track_caller]
fn vote(app: &TestApp, poll: &Poll, token: &InvitationToken, choice: usize, status: u16) -> Response {
    let path = format!("/polls/{}/i/{}/", poll.id, token.as_str());
    app.visitor().post(&path).form(&[("choice", &poll.value(choice))]).expect(status)
}

fn voters(app: &Setup, poll: &Poll) -> Vec<String> {
    let of_poll = polls_participation::table.filter(polls_participation::question_id.eq(poll.id));
    of_poll.select(polls_participation::voter).load(&mut app.open()).expect("the voters")
}

fn stored_with(app: &Setup, poll: &Poll) -> Vec<(String, chrono::NaiveDateTime)> {
    let of_poll = polls_ballot::table.filter(polls_ballot::question_id.eq(poll.id));
    of_poll.select((polls_ballot::voter, polls_ballot::cast_at)).load(&mut app.open()).expect("the ballots")
}

fn a_secret_ballot_is_stored_without_its_voter(app: &TestApp) {
    let poll = secret_poll(app, "invitation");
    let tokens = links(app, &poll, 3);
    for (choice, token) in tokens.iter().take(2).enumerate() {
        vote(app, &poll, token, choice, 303);
    }
    let mut known: Vec<_> = tokens[..2].iter().map(|token| token.voter(poll.id).id().to_owned()).collect();
    known.sort();
    let mut noted = voters(app, &poll);
    noted.sort();
    assert_eq!(noted, known);
    let ballots = stored_with(app, &poll);
    assert_eq!(ballots.len(), 2);
    for (voter, cast_at) in &ballots {
        assert!(voter.starts_with('s') && voter.len() == 32 && !known.contains(voter), "{voter}");
        assert_eq!(cast_at.time(), chrono::NaiveTime::MIN);
    }
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![1, 1, 0], vec![1, 1, 0]));
    let counts = InvitationCounts::of(&mut app.open(), poll.id).expect("they can be counted");
    assert_eq!(counts, InvitationCounts { made: 3, withdrawn: 0, used: 2 });
    app.run(&["recount"]).expect(0);
    // A ballot that somebody added, with its vote.
    app.execute(&format!("DELETE FROM polls_participation WHERE voter = '{}'", known[0]));
    let told = app.run(&["recount"]).expect(1).stdout;
    assert!(told.contains("is secret and has 2 ballots, more than the 1 people who voted"), "{told}");
}

fn a_secret_ballot_counts_once(app: &TestApp) {
    let poll = secret_poll(app, "invitation");
    let token = links(app, &poll, 1).remove(0);
    // A double click, and more.
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| vote(app, &poll, &token, 1, 303));
        }
    });
    vote(app, &poll, &token, 1, 303);
    let told = vote(app, &poll, &token, 2, 409).html();
    assert!(told.text("[role=alert]").starts_with("This invitation has voted, and the vote counts."));
    let page = app.get(&format!("/polls/{}/i/{}/", poll.id, token.as_str())).expect(200).html();
    assert_eq!(page.count("form.ballot"), 0);
    app.execute(&format!("UPDATE polls_question SET may_change = (1 = 1) WHERE id = {}", poll.id));
    vote(app, &poll, &token, 2, 409);
    let withdrawal = format!("/polls/{}/i/{}/withdraw/", poll.id, token.as_str());
    app.visitor().post(&withdrawal).form(&[]).expect(409);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
}

/// Of the orders of these ballots, one in 155,117,520 is that of the votes.
fn the_order_of_secret_ballots_says_nothing(app: &TestApp) {
    let poll = secret_poll(app, "invitation");
    for (number, token) in links(app, &poll, 30).iter().enumerate() {
        vote(app, &poll, token, number / 15, 303);
    }
    let by_id = polls_ballot::table.filter(polls_ballot::question_id.eq(poll.id)).order(polls_ballot::id);
    let choices: Vec<i64> = by_id.select(polls_ballot::choice_id).load(&mut app.open()).expect("the ballots");
    assert!(!choices.is_sorted(), "{choices:?}");
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![15, 15, 0], vec![15, 15, 0]));
    // Ballots with several marks, of different number.
    let ranked = secret_poll(app, "invitation");
    app.execute(&format!("UPDATE polls_question SET kind = 'ranked' WHERE id = {}", ranked.id));
    std::thread::scope(|scope| {
        for (number, token) in links(app, &ranked, 24).into_iter().enumerate() {
            let ranked = &ranked;
            scope.spawn(move || {
                let path = format!("/polls/{}/i/{}/", ranked.id, token.as_str());
                let rank = |at: usize, rank: usize| (format!("rank-{}", ranked.value(at)), rank.to_string());
                let ranks: Vec<_> = (0..=number % 3).map(|at| rank((number + at) % 3, at + 1)).collect();
                let fields: Vec<_> = ranks.iter().map(|(name, rank)| (name.as_str(), rank.as_str())).collect();
                app.visitor().post(&path).form(&fields).expect(303);
            });
        }
    });
    assert_eq!(app.totals(&ranked), [8, 8, 8]);
    assert_eq!(app.ballots(&ranked).iter().sum::<i64>(), 8 + 16 + 24);
    app.run(&["recount"]).expect(0);
    assert_eq!(app.get(&ranked.results()).expect(200).html().text(".total"), "24 ballots in all");
}

fn accounts_vote_secretly_and_turnout_is_known(app: &TestApp) {
    let poll = secret_poll(app, "account");
    for name in ["eve", "mallory"] {
        app.user(name).create();
    }
    let person = app.person();
    person.post("/accounts/login/", &[("username", "eve"), ("password", PASSWORD)]).expect(303);
    person.post(&poll.vote(), &[("choice", &poll.value(0))]).expect(303);
    person.post(&poll.vote(), &[("choice", &poll.value(1))]).expect(409);
    assert_eq!(voters(app, &poll).len(), 1);
    let results = app.get(&poll.results()).expect(200).html();
    assert_eq!(results.text(".turnout"), "1 of 2 accounts have voted.");
    assert!(results.text("main").contains("This ballot is secret."));
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// PostgreSQL shows which transaction wrote a row (`xmin`), and a vote writes both rows in one.
fn what_the_server_keeps_of_a_row_joins_no_voter_with_a_ballot(app: &TestApp) {
    let poll = secret_poll(app, "invitation");
    for token in links(app, &poll, 60) {
        vote(app, &poll, &token, 0, 303);
    }
    let number = |sql: &str| {
        let row: Number = diesel::sql_query(sql).get_result(&mut app.open()).expect("a number");
        row.number
    };
    assert_eq!(voters(app, &poll).len(), 60);
    // Many voters share the transaction of the last ballot: some that were written again with it.
    let of_last = number(
        "SELECT count(*) AS number FROM polls_participation WHERE xmin = (SELECT xmin FROM polls_ballot ORDER BY id DESC LIMIT 1)",
    );
    assert!(of_last >= 8, "{of_last}");
    // Few of the others have a transaction that is theirs alone.
    let alone = number(
        "SELECT count(*) AS number FROM (SELECT 1 FROM polls_participation GROUP BY xmin::text HAVING count(*) = 1) AS alone",
    );
    assert!(alone <= 20, "{alone}");
}

fn a_secret_poll_says_so(app: &TestApp) {
    let poll = secret_poll(app, "browser");
    let note = app.get(&poll.detail()).expect(200).html().text("form.ballot .note");
    assert!(note.contains("This ballot is secret.") && note.contains("cannot be changed"), "{note}");
    assert!(!app.get(&app.poll().detail()).expect(200).html().text("main").contains("secret"));
    app.execute(&format!("UPDATE polls_question SET voters = 'account' WHERE id = {}", poll.id));
    let note = app.get(&poll.detail()).expect(200).html().text("form.ballot");
    assert!(!note.contains("could find out"), "{note}");
}

fn secrecy_needs_voters_and_is_fixed_by_the_first_ballot(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = app.poll();
    let path = format!("/admin/polls/question/{}/change/", poll.id);
    let refused = |fields: &[(&str, &str)], field: &str| {
        let page = ada.submit(&path, fields).expect(200).html();
        assert_eq!(page.texts(&format!(".form-row.field-{field} .errorlist li")).len(), 1, "{fields:?}");
    };
    refused(&[("is_secret", "on")], "is_secret");
    refused(&[("is_secret", "on"), ("voters", "invitation"), ("may_change", "on")], "may_change");
    ada.submit(&path, &[("is_secret", "on"), ("voters", "invitation")]).expect(303);
    ada.submit(&path, &[("is_secret", ""), ("voters", "invitation")]).expect(303);
    ada.submit(&path, &[("is_secret", "on"), ("voters", "invitation")]).expect(303);
    vote(app, &poll, &links(app, &poll, 1)[0], 0, 303);
    refused(&[("is_secret", "")], "is_secret");
    // Nor by the undo of the change that made it secret, nor once it is a draft again.
    ada.submit(&path, &[("is_draft", "on")]).expect(303);
    refused(&[("is_secret", "")], "is_secret");
    // Nor is a poll made secret whose ballots have their voters.
    let known = app.poll();
    app.execute(&format!("UPDATE polls_question SET voters = 'invitation' WHERE id = {}", known.id));
    vote(app, &known, &links(app, &known, 1)[0], 0, 303);
    let path = format!("/admin/polls/question/{}/change/", known.id);
    let page = ada.submit(&path, &[("is_secret", "on")]).expect(200).html();
    assert_eq!(page.texts(".form-row.field-is_secret .errorlist li").len(), 1);
}

fn a_deleted_secret_poll_comes_back_with_its_ballots_and_voters(app: &TestApp) {
    let ada = app.administrator("ada");
    let poll = secret_poll(app, "invitation");
    let tokens = links(app, &poll, 2);
    vote(app, &poll, &tokens[0], 1, 303);
    let deleted = ada.post(&format!("/admin/polls/question/{}/delete/", poll.id), &[("post", "yes")]).expect(303);
    let list = ada.get(deleted.location()).expect(200).html();
    let undo = list.attribute(".messagelist form", "action").expect("an undo");
    ada.post(&undo, &[]).expect(303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
    vote(app, &poll, &tokens[0], 2, 409);
    app.run(&["recount"]).expect(0);
}

fn a_restart_forgets_no_voter(setup: Setup) {
    let app = setup.start();
    let poll = secret_poll(&app, "invitation");
    let token = links(&app, &poll, 1).remove(0);
    vote(&app, &poll, &token, 1, 303);
    let app = app.stop().start();
    // The new process cannot know what was voted.
    vote(&app, &poll, &token, 1, 409);
    vote(&app, &poll, &token, 2, 409);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
}

fn voters_of_a_poll_that_is_gone_are_forgotten(app: &TestApp) {
    let poll = secret_poll(app, "invitation");
    vote(app, &poll, &links(app, &poll, 1)[0], 1, 303);
    let ada = app.administrator("ada");
    ada.post(&format!("/admin/polls/question/{}/delete/", poll.id), &[("post", "yes")]).expect(303);
    let purge = || app.run(&["purge"]).expect(0).stdout;
    // It can still be restored.
    assert!(purge().contains("\n0 voters of deleted secret polls deleted.") && voters(app, &poll).len() == 1);
    app.execute("UPDATE polls_deleted_choice SET deleted_at = '2020-01-01 00:00:00'");
    assert!(purge().contains("\n1 voters of deleted secret polls deleted."));
    assert_eq!(voters(app, &poll), [""; 0]);
    // A new poll has no voters, even if it gets the number of one that another program deleted.
    let next = poll.id + 1;
    app.execute(&format!("INSERT INTO polls_participation (question_id, voter) VALUES ({next}, 'a')"));
    let question = [("question_text", "New?"), ("pub_date_0", "2026-01-01"), ("pub_date_1", "00:00:00")];
    let formset = [("choice_set-TOTAL_FORMS", "0"), ("choice_set-INITIAL_FORMS", "0")];
    ada.post("/admin/polls/question/add/", &[&question[..], &formset[..]].concat()).expect(303);
    assert_eq!(app.count(&format!("polls_question WHERE id = {next}")), 1);
    assert_eq!(app.count("polls_participation"), 0);
}
