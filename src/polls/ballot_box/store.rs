//! Ballots and totals in the database, in one transaction.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{BATCH, Ballot, Refusal, Verdict};
use crate::clock;
use crate::db::schema::{polls_ballot, polls_choice, polls_question};
use crate::db::{self, Connection, Database, Kept};

diesel::define_sql_function! {
    /// The first of the two that is not NULL.
    fn coalesce(first: diesel::sql_types::Nullable<diesel::sql_types::Integer>, second: diesel::sql_types::Integer) -> diesel::sql_types::Integer;
}

/// The writer's own connection, made when it is needed and again when it broke.
pub(super) struct Store {
    db: Database,
    kept: Option<Kept>,
}

impl Store {
    pub fn new(db: Database) -> Self {
        Self { db, kept: None }
    }

    /// Connects anew with the next ballots.
    pub fn forget(&mut self) {
        self.kept = None;
    }

    /// Commits the ballots that are votes and says of each what it is. `again`: an earlier try may have
    /// been committed without our hearing of it.
    pub fn write(&mut self, ballots: &[Ballot], again: bool) -> Result<Vec<Verdict>, db::Error> {
        let mut kept = match self.kept.take().filter(|kept| self.db.is_current(kept)) {
            Some(kept) => kept,
            None => self.db.connect()?,
        };
        let now = clock::now();
        let verdicts = db::write(&mut kept.conn, |conn| -> QueryResult<_> {
            let counted = if again { counted(conn, ballots)? } else { HashSet::new() };
            let judge = Judge::load(conn, ballots, now)?;
            let verdict =
                |ballot: &Ballot| if counted.contains(&ballot.voter) { Ok(()) } else { judge.verdict(ballot) };
            let verdicts: Vec<_> = ballots.iter().map(verdict).collect();
            let fresh: Vec<_> = ballots
                .iter()
                .zip(&verdicts)
                .filter(|(ballot, verdict)| verdict.is_ok() && !counted.contains(&ballot.voter))
                .map(|(ballot, _)| ballot)
                .collect();
            add_to_totals(conn, &fresh)?;
            insert(conn, &fresh, now)?;
            Ok(verdicts)
        })
        .map_err(db::Error::from)?;
        // What went into a file that its path no longer names is lost with it.
        if !self.db.is_current_after_write(&kept) {
            return Err(db::Error::Unreachable("the database file was replaced while votes were written".to_owned()));
        }
        self.kept = Some(kept);
        Ok(verdicts)
    }
}

/// What the database knows of the questions and choices that ballots name.
struct Judge {
    /// Public questions, and whether each is closed.
    public: HashMap<i64, bool>,
    /// The question and the total of each choice.
    choices: HashMap<i64, (i64, i32)>,
}

impl Judge {
    fn load(conn: &mut Connection, ballots: &[Ballot], now: NaiveDateTime) -> QueryResult<Self> {
        let questions: HashSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
        let choices: HashSet<_> = ballots.iter().map(|ballot| ballot.choice).collect();
        let public: Vec<(i64, Option<NaiveDateTime>)> = polls_question::table
            .filter(polls_question::id.eq_any(questions))
            .filter(polls_question::pub_date.le(now))
            .select((polls_question::id, polls_question::close_date))
            .load(conn)?;
        let public = public.into_iter().map(|(id, close)| (id, close.is_some_and(|close| close <= now)));
        let choices: Vec<(i64, (i64, i32))> = polls_choice::table
            .filter(polls_choice::id.eq_any(choices))
            .select((polls_choice::id, (polls_choice::question_id, polls_choice::votes)))
            .load(conn)?;
        Ok(Self { public: public.collect(), choices: choices.into_iter().collect() })
    }

    fn verdict(&self, ballot: &Ballot) -> Verdict {
        match self.public.get(&ballot.question) {
            None => return Err(Refusal::NoSuchQuestion),
            Some(true) => return Err(Refusal::Closed),
            Some(false) => {}
        }
        match self.choices.get(&ballot.choice) {
            Some((question, _)) if *question != ballot.question => Err(Refusal::NoSuchChoice),
            None => Err(Refusal::NoSuchChoice),
            // Room for a whole transaction, so that no total overflows within one.
            Some((_, votes)) if *votes > i32::MAX - BATCH => Err(Refusal::Full),
            Some(_) => Ok(()),
        }
    }
}

/// The voters among these whose ballots are in the box already.
fn counted(conn: &mut Connection, ballots: &[Ballot]) -> QueryResult<HashSet<String>> {
    let voters = ballots.iter().map(|ballot| ballot.voter.as_str());
    let questions: HashSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
    let counted: Vec<String> = polls_ballot::table
        .filter(polls_ballot::question_id.eq_any(questions))
        .filter(polls_ballot::voter.eq_any(voters))
        .select(polls_ballot::voter)
        .load(conn)?;
    Ok(counted.into_iter().collect())
}

/// Before the ballots, and by ascending id: two processes that lock the same rows in the same order wait
/// for each other and never deadlock. A total that was there before the first ballot becomes the
/// choice's opening balance.
fn add_to_totals(conn: &mut Connection, ballots: &[&Ballot]) -> QueryResult<()> {
    let mut additions: BTreeMap<i64, i32> = BTreeMap::new();
    for ballot in ballots {
        *additions.entry(ballot.choice).or_default() += 1;
    }
    for (choice, votes) in additions {
        let updated = diesel::update(polls_choice::table.filter(polls_choice::id.eq(choice)))
            .set((
                // First: MySQL assigns from left to right and would use the new total.
                polls_choice::opening_votes.eq(coalesce(polls_choice::opening_votes, polls_choice::votes).nullable()),
                polls_choice::votes.eq(polls_choice::votes + votes),
            ))
            .execute(conn)?;
        if updated != 1 {
            return Err(diesel::result::Error::NotFound);
        }
    }
    Ok(())
}

fn insert(conn: &mut Connection, ballots: &[&Ballot], now: NaiveDateTime) -> QueryResult<()> {
    for ballot in ballots {
        diesel::insert_into(polls_ballot::table)
            .values((
                polls_ballot::question_id.eq(ballot.question),
                polls_ballot::choice_id.eq(ballot.choice),
                polls_ballot::voter.eq(&ballot.voter),
                polls_ballot::cast_at.eq(now),
            ))
            .execute(conn)?;
    }
    Ok(())
}
