//! Ballots and totals in the database, in one transaction.

use std::collections::{BTreeSet, HashMap};

use chrono::{NaiveDateTime, SubsecRound as _};
use diesel::prelude::*;

use super::judge::Facts;
use super::{Ballot, Verdict};
use crate::clock;
use crate::db::{self, Connection, Database, Kept, NewBallot};
use crate::polls::schema::{polls_ballot, polls_choice, polls_deleted_ballot, polls_question};
use crate::seeded_bugs::{self, Bug};

/// Where the writer puts ballots.
pub(super) trait Store {
    /// Commits the ballots that are votes and says of each what it is. `again`: an earlier try may have
    /// been committed without our hearing of it.
    fn write(&mut self, ballots: &[Ballot], again: bool) -> Result<Vec<Verdict>, db::Error>;

    /// Begins anew with the next ballots.
    fn forget(&mut self);
}

/// The database, by a connection of the writer's own that is made when it is needed and again when it broke.
pub(super) struct DatabaseStore {
    db: Database,
    kept: Option<Kept>,
}

impl DatabaseStore {
    pub fn new(db: Database) -> Self {
        Self { db, kept: None }
    }
}

impl Store for DatabaseStore {
    fn write(&mut self, ballots: &[Ballot], again: bool) -> Result<Vec<Verdict>, db::Error> {
        let mut kept = match self.kept.take().filter(|kept| self.db.is_current(kept)) {
            Some(kept) => kept,
            None => {
                let mut kept = self.db.connect()?;
                db::expect_ballots(&mut kept.conn)?;
                kept
            }
        };
        let now = clock::now();
        let turn = self.db.turn();
        let written = db::adding_ballots(&mut kept.conn, |conn| {
            let judgement = facts(conn, ballots, again, now)?.judge(ballots);
            let mut rows: Vec<_> = judgement.fresh.iter().map(|ballot| row(ballot, now)).collect();
            db::add_ballots(conn, &mut rows, &judgement.additions)?;
            Ok(judgement.verdicts)
        });
        drop(turn);
        // Also after an error: the commit may have gone through all the same.
        self.db.note_change();
        let verdicts = written.map_err(db::Error::from)?;
        // Also when nothing was written: what was found counted may be another's, committed this moment.
        if !seeded_bugs::is_on(Bug::AnswerBeforeDisk) {
            db::wait_for_disk(&mut kept.conn)?;
        }
        // What went into a file that its path no longer names is lost with it.
        if !self.db.is_current_after_write(&kept) {
            return Err(db::Error::Unreachable("the database file was replaced while votes were written".to_owned()));
        }
        self.kept = Some(kept);
        Ok(verdicts)
    }

    fn forget(&mut self) {
        self.kept = None;
    }
}

/// A question with its end, and one of its choices with its total.
type QuestionAndChoice = (i64, Option<NaiveDateTime>, Option<(i64, i32)>);

fn facts(conn: &mut Connection, ballots: &[Ballot], again: bool, now: NaiveDateTime) -> QueryResult<Facts> {
    let returning: Vec<_> = ballots.iter().filter(|ballot| again || ballot.voter.returns()).collect();
    let counted = if returning.is_empty() { HashMap::new() } else { counted(conn, &returning)? };
    // Few and small: ordered sets, as to hash each ballot's would cost more.
    let questions: BTreeSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
    let choices: BTreeSet<_> = ballots.iter().map(|ballot| ballot.choice).collect();
    let of_question = polls_choice::question_id.eq(polls_question::id).and(polls_choice::id.eq_any(choices));
    let rows: Vec<QuestionAndChoice> = polls_question::table
        .left_join(polls_choice::table.on(of_question))
        .filter(polls_question::id.eq_any(questions))
        .filter(polls_question::pub_date.le(now))
        .select((polls_question::id, polls_question::close_date, (polls_choice::id, polls_choice::votes).nullable()))
        .load(conn)?;
    let mut facts = Facts { counted, ..Facts::default() };
    for (question, close, choice) in rows {
        facts.public.insert(question, close.is_some_and(|close| close <= now));
        facts.choices.extend(choice.map(|(choice, votes)| (choice, (question, votes))));
    }
    Ok(facts)
}

/// The choices of those whose ballots are in the box already, or were put aside with a choice that was
/// deleted and may come back; in this order, so that none is missed that moves from the one to the other.
fn counted(conn: &mut Connection, ballots: &[&Ballot]) -> QueryResult<HashMap<i64, HashMap<String, i64>>> {
    let questions: BTreeSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
    let voters: Vec<_> = ballots.iter().map(|ballot| ballot.voter.id()).collect();
    let mut rows: Vec<(i64, String, i64)> = polls_ballot::table
        .filter(polls_ballot::question_id.eq_any(&questions))
        .filter(polls_ballot::voter.eq_any(&voters))
        .select((polls_ballot::question_id, polls_ballot::voter, polls_ballot::choice_id))
        .load(conn)?;
    let put_aside = polls_deleted_ballot::table
        .filter(polls_deleted_ballot::question_id.eq_any(&questions))
        .filter(polls_deleted_ballot::voter.eq_any(&voters))
        .select((polls_deleted_ballot::question_id, polls_deleted_ballot::voter, polls_deleted_ballot::choice_id));
    rows.extend(put_aside.load::<(i64, String, i64)>(conn)?);
    let mut counted: HashMap<i64, HashMap<String, i64>> = HashMap::new();
    for (question, voter, choice) in rows {
        counted.entry(question).or_default().insert(voter, choice);
    }
    Ok(counted)
}

/// The time to the second: more exactly, a ballot could be joined with a line of a log.
fn row(ballot: &Ballot, now: NaiveDateTime) -> NewBallot<'_> {
    let cast_at = now.trunc_subsecs(0);
    NewBallot { question_id: ballot.question, choice_id: ballot.choice, voter: ballot.voter.id(), cast_at }
}
