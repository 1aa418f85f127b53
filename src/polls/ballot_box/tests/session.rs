//! Tests the session with a real SQLite file.

use diesel::prelude::*;
use tempfile::TempDir;

use crate::clock;
use crate::db::{Connection, Create, Database, migrate};
use crate::polls::ballot::Mark;
use crate::polls::ballot_box::session::{BallotSession, CommitBallots as _};
use crate::polls::ballot_box::{Ballot, Credentials, DURABLE_TABLES, Refusal, Voter};
use crate::polls::schema::{polls_ballot, polls_choice, polls_question};
use crate::settings::{DatabaseSettings, DatabaseUrl};

/// A file with an open poll of two choices, and a session that writes to it.
fn poll() -> (Connection, BallotSession, TempDir) {
    let directory = TempDir::new().expect("a directory");
    let url = DatabaseUrl::Sqlite(directory.path().join("polls.sqlite3"));
    let mut conn = Connection::open(&url, Create::IfMissing).expect("a file");
    migrate::run(&mut conn).expect("tables");
    let pub_date = clock::storable(clock::now());
    let question =
        (polls_question::id.eq(1), polls_question::question_text.eq("?"), polls_question::pub_date.eq(pub_date));
    diesel::insert_into(polls_question::table).values(question).execute(&mut conn).expect("a question");
    for id in [1, 2] {
        let choice = (polls_choice::id.eq(id), polls_choice::choice_text.eq("!"), polls_choice::votes.eq(0));
        let choice = (choice, polls_choice::question_id.eq(1));
        diesel::insert_into(polls_choice::table).values(choice).execute(&mut conn).expect("a choice");
    }
    let settings = DatabaseSettings { url, pool_size: 1, may_lose_votes: false };
    let session = BallotSession::new(Database::new(&settings, Create::Never, DURABLE_TABLES));
    (conn, session, directory)
}

#[test]
fn a_session_says_which_ballots_it_wrote_and_in_what_order() {
    let (mut conn, mut session, _directory) = poll();
    let ballot = |choice| Ballot {
        question: 1,
        marks: vec![Mark { choice, value: 1 }],
        written: None,
        credentials: Credentials { request: Some(Voter::fresh()), ..Credentials::default() },
    };
    let voter = |ballot: &Ballot| ballot.credentials.request.as_ref().expect("a voter").id().to_owned();
    // The third choice does not exist; the last ballot is the first one again.
    let mut ballots = vec![ballot(2), ballot(1), ballot(3), ballot(2), ballot(1)];
    ballots.push(ballots[0].clone());
    let committed = session.commit(&ballots[..5], false).expect("they are written");
    assert_eq!(committed.verdicts, [Ok(()), Ok(()), Err(Refusal::NoSuchChoice), Ok(()), Ok(())]);
    let again = session.commit(&ballots[5..], true).expect("it is found");
    assert_eq!((again.verdicts, again.written), (vec![Ok(())], Vec::new()));

    let inserted: Vec<(i64, String)> = polls_ballot::table
        .order(polls_ballot::id)
        .select((polls_ballot::choice_id, polls_ballot::voter))
        .load(&mut conn)
        .expect("the ballots");
    let said: Vec<_> =
        committed.written.iter().map(|at| (ballots[*at].marks[0].choice, voter(&ballots[*at]))).collect();
    assert_eq!(inserted, said);
    let totals: Vec<i32> =
        polls_choice::table.order(polls_choice::id).select(polls_choice::votes).load(&mut conn).expect("totals");
    assert_eq!(totals, [2, 2]);
}

#[test]
fn a_secret_ballot_whose_answer_was_lost_is_known_again() {
    let (mut conn, mut session, _directory) = poll();
    let rules = (polls_question::voters.eq("browser"), polls_question::is_secret.eq(true));
    diesel::update(polls_question::table.find(1)).set(rules).execute(&mut conn).expect("a secret poll");
    let ballot = |choice| Ballot {
        question: 1,
        marks: vec![Mark { choice, value: 1 }],
        written: None,
        credentials: Credentials { browser: Some(Voter::known(&"b".repeat(32))), ..Credentials::default() },
    };
    let mut commit = |ballots: &[Ballot], again| session.commit(ballots, again).expect("they are judged").verdicts;
    assert_eq!(commit(&[ballot(2), ballot(2)], false), [Ok(()), Ok(())]);
    assert_eq!(commit(&[ballot(2)], true), [Ok(())]);
    let withdrawal = Ballot { marks: Vec::new(), ..ballot(1) };
    assert_eq!(commit(&[ballot(1), withdrawal], false), [Err(Refusal::VotedOtherwise); 2]);
    let stored: Vec<String> = polls_ballot::table.select(polls_ballot::voter).load(&mut conn).expect("the ballots");
    assert!(stored.len() == 1 && stored[0].starts_with('s'), "{stored:?}");
}
