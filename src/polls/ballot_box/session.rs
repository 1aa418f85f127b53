//! The writer's connection to the database. Ballots are written through it only.

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{NaiveDateTime, NaiveTime, SubsecRound as _};
use diesel::QueryResult;
use diesel::result::Error::QueryBuilderError;

use super::ballot::{Ballot, BallotVerdict};
use super::facts::facts;
use super::judge::Accepted;
use super::recent::RecentBallots;
use super::sql::{self, NewMark};
use super::voter::Voter;
use crate::clock;
use crate::db::{Database, DatabaseError, PooledConnection};
use crate::polls::sources;
use crate::seeded_bugs::{self, Bug};

/// Commits batches of ballots. [`BallotSession`] implements it; the tests have an implementation that simulates the
/// failures of databases.
pub(super) trait CommitBallots {
    /// Writes the ballots that count, in one transaction, and returns the verdicts when they are on disk. `again`: an
    /// earlier try may have been committed although no answer came.
    fn commit(&mut self, ballots: &[Ballot], again: bool) -> Result<Committed, DatabaseError>;

    /// Drops the connection; the next batch makes a new one.
    fn disconnect(&mut self);
}

/// A batch that is on disk.
#[derive(Debug)]
pub(super) struct Committed {
    /// The verdict on each ballot of the batch, in the batch's order.
    pub verdicts: Vec<BallotVerdict>,
    /// The positions in the batch of the ballots that were written, in the order in which their first marks were
    /// inserted.
    pub written: Vec<usize>,
}

/// Owns a connection that only the writer uses. It is made when it is first needed, and made again after it was lost.
pub(super) struct BallotSession {
    db: Database,
    conn: Option<PooledConnection>,
    recent: RecentBallots,
}

impl BallotSession {
    pub fn new(db: Database) -> Self {
        Self { db, conn: None, recent: RecentBallots::default() }
    }

    /// Takes the connection out of the session. If the caller returns early with an error, the connection is dropped,
    /// and the next batch makes a new one.
    fn take_connection(&mut self) -> Result<PooledConnection, DatabaseError> {
        if let Some(conn) = self.conn.take().filter(|conn| self.db.is_current(conn)) {
            return Ok(conn);
        }
        let mut conn = self.db.connect()?;
        sql::prepare(&mut conn)?;
        Ok(conn)
    }
}

impl CommitBallots for BallotSession {
    fn commit(&mut self, ballots: &[Ballot], again: bool) -> Result<Committed, DatabaseError> {
        let mut conn = self.take_connection()?;
        let now = clock::now();
        let turn = self.db.wait_for_write_turn();
        let recent = &mut self.recent;
        let committed = sql::transaction(&mut conn, |conn| {
            let mut facts = facts(conn, ballots, again, now)?;
            recent.recall(&mut facts, ballots);
            let new = facts.choices.values().filter(|choice| choice.votes == 0).map(|choice| choice.question);
            let new: BTreeSet<i64> = new.collect();
            let judgement = facts.judge(ballots);
            // A choice without votes may be one of a poll without votes. With its first vote its sources are copied.
            if !new.is_empty() && !judgement.accepted.is_empty() {
                sources::freeze(conn, &new, clock::storable(now))?;
            }
            // Before the commit: if its answer is lost, the ballots are judged again.
            recent.note(&judgement.accepted);
            let voters = judgement.accepted.iter().map(stored_voter).collect::<QueryResult<Vec<_>>>()?;
            let stored = judgement.accepted.iter().zip(&voters);
            let mut rows: Vec<_> = stored.flat_map(|(accepted, voter)| rows(accepted, voter, now)).collect();
            sql::write(conn, &mut rows, &judgement)?;
            let written = rows.iter().filter(|row| row.mark == 0).map(|row| row.position).collect();
            Ok(Committed { verdicts: judgement.verdicts, written })
        });
        drop(turn);
        // Also after an error, because the commit may have succeeded although its answer was lost.
        self.db.note_change();
        let committed = committed?;
        // Also if nothing was written: a ballot that was found to be counted may have been written by another process
        // whose commit is not on disk yet.
        if !seeded_bugs::is_on(Bug::AnswerBeforeDisk) {
            sql::wait_for_disk(&mut conn)?;
        }
        // If the path no longer names the file that was written to, the votes are lost with that file, so they must not
        // be acknowledged.
        if !self.db.is_current_after_write(&conn) {
            return Err(DatabaseError::Unreachable(
                "the database file was replaced while votes were written".to_owned(),
            ));
        }
        self.conn = Some(conn);
        Ok(committed)
    }

    fn disconnect(&mut self) {
        self.conn = None;
    }
}

/// The voter that a ballot is stored with: of a secret poll, one that nothing else has.
fn stored_voter<'a>(accepted: &Accepted<'a>) -> QueryResult<Cow<'a, Voter>> {
    if !accepted.is_secret {
        return Ok(Cow::Borrowed(accepted.voter));
    }
    let unknown = Voter::unknown().map_err(|error| QueryBuilderError(error.to_string().into()))?;
    Ok(Cow::Owned(unknown))
}

/// The rows of a ballot, one for each mark. The time is truncated to the second. With a more exact time, a ballot could
/// be matched with a request in an access log. That of a secret ballot is truncated to the day.
fn rows<'a>(
    accepted: &Accepted<'a>,
    voter: &'a Voter,
    now: NaiveDateTime,
) -> impl Iterator<Item = NewMark<'a>> + use<'a> {
    let Accepted { position, question, marks, is_secret, .. } = *accepted;
    let cast_at = if is_secret { now.date().and_time(NaiveTime::MIN) } else { now.trunc_subsecs(0) };
    (0..).zip(marks).map(move |(number, mark)| NewMark {
        position,
        question_id: question,
        choice_id: mark.choice,
        voter: voter.id(),
        cast_at,
        mark: number,
        value: mark.value,
    })
}
