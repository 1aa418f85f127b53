//! How many durable votes a second the ballot box takes, against one `UPDATE` of a total for each vote and, on SQLite,
//! one commit for each (a ballot and its total), in one line of JSON.
//!
//!     cargo bench --features postgres --bench ballot_box -- [URL ...] [--seconds 3] [--voters 1000] [--ballots 0]
//!
//! Without a URL it uses a new SQLite file in the directory where it is run. A database that is named gets
//! a poll of its own. With more than no ballots, the same is measured again once the poll has so many.

#![expect(clippy::expect_used, reason = "a benchmark that cannot run ends")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clap::Parser;
use diesel::prelude::*;
use polls::clock;
use polls::db::{self, Connection, Create, Database, migrate};
use polls::polls::ballot::Mark;
use polls::polls::ballot_box::{BallotBox, Credentials, DURABLE_TABLES, Voter};
use polls::polls::schema::{polls_ballot, polls_choice, polls_question};
use polls::settings::{DatabaseSettings, DatabaseUrl};

#[derive(Parser)]
struct Arguments {
    /// Databases, as `database_url` takes them.
    urls: Vec<DatabaseUrl>,
    /// How long each measurement takes.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How many voters wait at once, in all processes together.
    #[arg(long, default_value_t = 1000)]
    voters: usize,
    /// A round more, with so many ballots of the poll already cast.
    #[arg(long, default_value_t = 0)]
    ballots: u64,
    /// `cargo bench` says so.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let mut arguments = Arguments::parse();
    let directory = tempfile::TempDir::with_prefix_in("ballot-box-", ".").expect("a directory here");
    if arguments.urls.is_empty() {
        arguments.urls.push(DatabaseUrl::Sqlite(directory.path().join("votes.sqlite3")));
    }
    let measured: Vec<_> = arguments.urls.iter().map(|url| measure(url, &arguments)).collect();
    println!("{}", serde_json::Value::Array(measured));
}

fn measure(url: &DatabaseUrl, arguments: &Arguments) -> serde_json::Value {
    let mut conn = Connection::open(url, Create::IfMissing).expect("the database can be reached");
    migrate::run(&mut conn).expect("it can be migrated");
    let poll = Poll::create(&mut conn);
    let time = Duration::from_secs(arguments.seconds);
    let is_file = matches!(url, DatabaseUrl::Sqlite(_));

    let connections = if is_file { 1 } else { 32 };
    let update = one_by_one(url, connections, time, |conn| poll.update(conn)).a_second;
    poll.open(&mut conn);
    let mut result = serde_json::json!({
        "database": url.to_string().split(':').next(),
        "voters": arguments.voters,
        "one_update_per_vote": update,
    });
    let mut acknowledged = 0;
    let mut commit = None;
    if is_file {
        let votes = one_by_one(url, connections, time, |conn| poll.vote(conn));
        acknowledged += votes.number;
        result["one_commit_per_vote"] = votes.a_second.into();
        commit = Some(votes.a_second);
    }
    // Processes share nothing but the database, so boxes of one process stand for them.
    for processes in if is_file { &[1][..] } else { &[1, 2, 4] } {
        let votes = ballot_boxes(url, &poll, *processes, arguments.voters, time);
        acknowledged += votes.number;
        result[format!("processes_{processes}")] = votes.a_second.into();
        if let Some(commit) = commit {
            result[format!("processes_{processes}_against_one_commit_per_vote")] = (votes.a_second / commit).into();
        }
        result[format!("processes_{processes}_against_one_update_per_vote")] = (votes.a_second / update).into();
    }
    if arguments.ballots > 0 {
        let alone = one_waiting(url, &poll, time);
        acknowledged += alone.number + poll.fill(&mut conn, arguments.ballots);
        let votes = ballot_boxes(url, &poll, 1, arguments.voters, time);
        let alone_with_ballots = one_waiting(url, &poll, time);
        acknowledged += votes.number + alone_with_ballots.number;
        result["ballots"] = arguments.ballots.into();
        result["processes_1_with_ballots"] = votes.a_second.into();
        result["time_of_a_vote_with_ballots_against_without"] = (alone.a_second / alone_with_ballots.a_second).into();
    }
    poll.check(&mut conn, acknowledged);
    result
}

/// Votes that were acknowledged.
struct Votes {
    number: u64,
    a_second: f64,
}

impl Votes {
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    fn since(begun: Instant, number: &AtomicU64) -> Self {
        let number = number.load(Ordering::Relaxed);
        Self { number, a_second: number as f64 / begun.elapsed().as_secs_f64() }
    }
}

struct Poll {
    question: i64,
    choice: i64,
}

impl Poll {
    fn create(conn: &mut Connection) -> Self {
        diesel::insert_into(polls_question::table)
            .values((polls_question::question_text.eq("How fast?"), polls_question::pub_date.eq(clock::now())))
            .execute(conn)
            .expect("a question");
        let question = db::last_insert_id(conn).expect("its id");
        diesel::insert_into(polls_choice::table)
            .values((
                polls_choice::question_id.eq(question),
                polls_choice::choice_text.eq("This"),
                polls_choice::votes.eq(0),
            ))
            .execute(conn)
            .expect("a choice");
        Self { question, choice: db::last_insert_id(conn).expect("its id") }
    }

    /// Makes an opening balance of the votes that have no ballots.
    fn open(&self, conn: &mut Connection) {
        diesel::update(polls_choice::table.find(self.choice))
            .set(polls_choice::opening_votes.eq(polls_choice::votes.nullable()))
            .execute(conn)
            .expect("the choice");
    }

    /// A ballot and its total in a transaction of their own.
    fn vote(&self, conn: &mut Connection) -> QueryResult<()> {
        db::write(conn, |conn| {
            let ballot = (
                polls_ballot::question_id.eq(self.question),
                polls_ballot::choice_id.eq(self.choice),
                polls_ballot::voter.eq(Voter::fresh().id().to_owned()),
                polls_ballot::cast_at.eq(clock::now()),
            );
            diesel::insert_into(polls_ballot::table).values(ballot).execute(conn)?;
            self.update(conn)
        })
    }

    /// The total alone.
    fn update(&self, conn: &mut Connection) -> QueryResult<()> {
        diesel::update(polls_choice::table.find(self.choice))
            .set(polls_choice::votes.eq(polls_choice::votes + 1))
            .execute(conn)
            .map(|_| ())
    }

    /// Ballots of earlier voters, in hundreds of thousands; how many they are.
    fn fill(&self, conn: &mut Connection, ballots: u64) -> u64 {
        const AT_ONCE: u16 = 1000;
        const A_TRANSACTION: u16 = 100;
        let (question, choice) = (self.question, self.choice);
        let cast_at = clock::now().format("%Y-%m-%d %H:%M:%S");
        let in_a_transaction = u64::from(AT_ONCE) * u64::from(A_TRANSACTION);
        let transactions = ballots / in_a_transaction;
        for _ in 0..transactions {
            db::write(conn, |conn| -> QueryResult<()> {
                for _ in 0..A_TRANSACTION {
                    let row = |_| format!("({question}, {choice}, '{}', '{cast_at}')", Voter::fresh().id());
                    let rows = (0..AT_ONCE).map(row).collect::<Vec<_>>().join(", ");
                    let columns = "question_id, choice_id, voter, cast_at";
                    diesel::sql_query(format!("INSERT INTO polls_ballot ({columns}) VALUES {rows}")).execute(conn)?;
                }
                let added = i32::from(AT_ONCE) * i32::from(A_TRANSACTION);
                diesel::update(polls_choice::table.find(choice))
                    .set(polls_choice::votes.eq(polls_choice::votes + added))
                    .execute(conn)
                    .map(|_| ())
            })
            .expect("ballots can be written");
        }
        transactions * in_a_transaction
    }

    /// What was acknowledged is there, and nothing else.
    fn check(&self, conn: &mut Connection, acknowledged: u64) {
        let ballots = polls_ballot::table.filter(polls_ballot::choice_id.eq(self.choice)).count();
        let ballots: i64 = ballots.get_result(conn).expect("a count");
        assert_eq!(u64::try_from(ballots), Ok(acknowledged), "a vote that was lost or counted twice");
        let (votes, opening): (i32, Option<i32>) = polls_choice::table
            .find(self.choice)
            .select((polls_choice::votes, polls_choice::opening_votes))
            .first(conn)
            .expect("the choice");
        assert_eq!(i64::from(votes), ballots + i64::from(opening.unwrap_or(0)), "a wrong total");
    }
}

/// Votes a second by connections that commit each vote by itself.
fn one_by_one(
    url: &DatabaseUrl,
    connections: usize,
    time: Duration,
    vote: impl Fn(&mut Connection) -> QueryResult<()> + Sync,
) -> Votes {
    let votes = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                let mut conn = Connection::open(url, Create::Never).expect("the database can be reached");
                while begun.elapsed() < time {
                    vote(&mut conn).expect("a vote");
                    votes.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    Votes::since(begun, &votes)
}

/// Votes a second by ballot boxes with voters who vote again as soon as they are answered.
fn ballot_boxes(url: &DatabaseUrl, poll: &Poll, boxes: usize, voters: usize, time: Duration) -> Votes {
    let votes = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..boxes {
            scope.spawn(|| votes.fetch_add(crowd(url, poll, voters / boxes, begun + time), Ordering::Relaxed));
        }
    });
    Votes::since(begun, &votes)
}

/// The same with one voter who waits for each vote.
fn one_waiting(url: &DatabaseUrl, poll: &Poll, time: Duration) -> Votes {
    ballot_boxes(url, poll, 1, 1, time)
}

fn crowd(url: &DatabaseUrl, poll: &Poll, voters: usize, end: Instant) -> u64 {
    let settings = DatabaseSettings { url: url.clone(), pool_size: 1, may_lose_votes: false };
    let ballots = Arc::new(BallotBox::open(Database::new(&settings, Create::Never, DURABLE_TABLES)).expect("a thread"));
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (question, choice) = (poll.question, poll.choice);
    let tasks: Vec<_> = (0..voters)
        .map(|_| {
            let ballots = Arc::clone(&ballots);
            runtime.spawn(async move {
                let mut votes = 0;
                while Instant::now() < end {
                    let credentials = Credentials { request: Some(Voter::fresh()), ..Credentials::default() };
                    let marks = vec![Mark { choice, value: 1 }];
                    ballots.cast(question, marks, credentials).await.expect("written").expect("counted");
                    votes += 1;
                }
                votes
            })
        })
        .collect();
    let votes = tasks.into_iter().map(|task| runtime.block_on(task).expect("a voter")).sum();
    ballots.close(Duration::from_secs(10));
    votes
}
