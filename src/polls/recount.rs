//! Checks and corrects totals: for every choice, `votes = opening_votes + ballots`.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::db::{self, Connection};
use crate::polls::ballot::BallotKind;
use crate::polls::rules::Rule as _;
use crate::polls::schema::{polls_ballot, polls_choice};

/// A choice, its total, and the numbers that the total should consist of.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct Count {
    #[diesel(sql_type = BigInt)]
    pub choice: i64,
    #[diesel(sql_type = BigInt)]
    pub question: i64,
    #[diesel(sql_type = Text)]
    pub choice_text: String,
    #[diesel(sql_type = BigInt)]
    pub votes: i64,
    /// The opening balance. None until the first ballot, which turns the total that it finds into the opening balance.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub opening: Option<i64>,
    /// How many ballots mark the choice; on ranked ballots, put it first.
    #[diesel(sql_type = BigInt)]
    pub ballots: i64,
    /// How many of the ballots name a question other than the choice's own.
    #[diesel(sql_type = BigInt)]
    pub strays: i64,
}

/// How a wrong total is corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Correction {
    /// The ballots are right: the total becomes opening balance + ballots.
    TrustBallots,
    /// The total is right: the votes for which there are no ballots become the opening balance.
    TrustTotal,
}

/// Whether a total is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TotalCheck {
    Fits,
    /// The total is this much larger than opening balance + ballots, and Django, which counts without ballots, uses the
    /// database, too. (A total that was raised by hand, and ballots that were deleted, look the same.)
    CountedElsewhere(i64),
    /// No program that counts votes leaves a total like this.
    Wrong,
}

impl Count {
    /// What the total should be.
    pub fn expected(&self) -> i64 {
        let opening = match self.opening {
            Some(opening) => opening,
            None if self.ballots == 0 => self.votes.clamp(0, MAX_TOTAL),
            None => 0,
        };
        opening + self.ballots
    }

    pub fn fits(&self) -> bool {
        self.votes == self.expected() && self.is_possible()
    }

    pub fn check(&self, shared_with_django: bool) -> TotalCheck {
        match self.votes - self.expected() {
            _ if !self.is_possible() => TotalCheck::Wrong,
            0 => TotalCheck::Fits,
            more if more > 0 && shared_with_django => TotalCheck::CountedElsewhere(more),
            _ => TotalCheck::Wrong,
        }
    }

    /// Whether the column can hold such a total: SQLite stores numbers in it that are too large.
    fn is_possible(&self) -> bool {
        self.strays == 0 && (0..=MAX_TOTAL).contains(&self.votes)
    }
}

/// The largest number that the column holds.
const MAX_TOTAL: i64 = i32::MAX as i64;

/// The counts of all choices, read in one statement, so that votes that are cast meanwhile are in both numbers or in
/// none. Ballots that a deletion or its undo is moving between the two tables are included.
///
/// # Errors
/// If the database does not answer.
pub fn counts(conn: &mut Connection) -> QueryResult<Vec<Count>> {
    counts_where(conn, "1 = 1")
}

/// The counts of the choices whose `choice_id` fulfils the condition `which`.
fn counts_where(conn: &mut Connection, which: &str) -> QueryResult<Vec<Count>> {
    let bigint = db::bigint(conn);
    let text = db::text(conn, "c.choice_text");
    let of_choices = which.replace("choice_id", "c.id");
    let ranked = BallotKind::Ranked.name();
    diesel::sql_query(format!(
        "SELECT c.id AS choice, c.question_id AS question, {text} AS choice_text, CAST(c.votes AS {bigint}) AS votes, \
         CAST(c.opening_votes AS {bigint}) AS opening, \
         COALESCE(CASE WHEN q.kind = '{ranked}' THEN b.firsts ELSE b.ballots END, 0) AS ballots, \
         COALESCE(b.strays, 0) AS strays \
         FROM polls_choice c LEFT JOIN polls_question q ON q.id = c.question_id LEFT JOIN (\
           SELECT p.choice_id, COUNT(*) AS ballots, COUNT(CASE WHEN p.value = 1 THEN 1 END) AS firsts, \
           COUNT(CASE WHEN p.question_id <> o.question_id THEN 1 END) AS strays \
           FROM (\
             SELECT choice_id, question_id, value FROM polls_ballot WHERE {which} UNION ALL \
             SELECT choice_id, question_id, value FROM polls_deleted_ballot WHERE {which} AND choice_id IN (\
               SELECT id FROM polls_deleted_choice WHERE moving <> 0)\
           ) p JOIN polls_choice o ON o.id = p.choice_id GROUP BY p.choice_id\
         ) b ON b.choice_id = c.id WHERE {of_choices} ORDER BY c.id",
    ))
    .load(conn)
}

/// How many ballots name a choice that does not exist. The database prevents this unless its checks of foreign keys are
/// off, as in the `sqlite3` shell or while a dump is read.
///
/// # Errors
/// If the database does not answer.
pub fn left_behind(conn: &mut Connection) -> QueryResult<i64> {
    let choice = polls_choice::table.filter(polls_choice::id.eq(polls_ballot::choice_id));
    polls_ballot::table.filter(diesel::dsl::not(diesel::dsl::exists(choice))).count().get_result(conn)
}

/// A secret poll that has more ballots than voters.
#[derive(Debug, Clone, Copy, diesel::QueryableByName)]
pub struct SecretExcess {
    #[diesel(sql_type = BigInt)]
    pub question: i64,
    #[diesel(sql_type = BigInt)]
    pub voters: i64,
    #[diesel(sql_type = BigInt)]
    pub ballots: i64,
}

/// The secret polls with more ballots than people who voted: somebody has added ballots. (With fewer, ballots were
/// deleted with their choices.)
///
/// # Errors
/// If the database does not answer.
pub fn secret_excesses(conn: &mut Connection) -> QueryResult<Vec<SecretExcess>> {
    let of_secret = "question_id IN (SELECT id FROM polls_question WHERE is_secret)";
    diesel::sql_query(format!(
        "SELECT b.question_id AS question, COALESCE(p.voters, 0) AS voters, COUNT(DISTINCT b.voter) AS ballots FROM (\
           SELECT question_id, voter FROM polls_ballot WHERE {of_secret} UNION ALL \
           SELECT question_id, voter FROM polls_deleted_ballot WHERE {of_secret}\
         ) b LEFT JOIN (\
           SELECT question_id, COUNT(*) AS voters FROM polls_participation GROUP BY question_id\
         ) p ON p.question_id = b.question_id GROUP BY b.question_id, p.voters \
         HAVING COUNT(DISTINCT b.voter) > COALESCE(p.voters, 0) ORDER BY b.question_id"
    ))
    .load(conn)
}

/// Corrects one total and returns its count before. A right total is not changed.
///
/// # Errors
/// `NotFound` if there is no such choice, or if the database does not answer.
pub fn correct(conn: &mut Connection, choice: i64, correction: Correction) -> QueryResult<Count> {
    db::write(conn, |conn| {
        lock(conn, choice)?;
        let count =
            counts_where(conn, &format!("choice_id = {choice}"))?.pop().ok_or(diesel::result::Error::NotFound)?;
        if count.fits() {
            return Ok(count);
        }
        let row = diesel::update(polls_choice::table.filter(polls_choice::id.eq(choice)));
        let out_of_range =
            |_| diesel::result::Error::SerializationError("the total is out of an integer's range".into());
        match correction {
            Correction::TrustBallots => {
                let votes = i32::try_from(count.expected()).map_err(out_of_range)?;
                let opening = i32::try_from(count.opening.unwrap_or(0)).map_err(out_of_range)?;
                row.set((polls_choice::opening_votes.eq(opening), polls_choice::votes.eq(votes))).execute(conn)?;
            }
            Correction::TrustTotal => {
                let opening = i32::try_from(count.votes - count.ballots).map_err(out_of_range)?;
                row.set(polls_choice::opening_votes.eq(opening)).execute(conn)?;
            }
        }
        Ok(count)
    })
}

/// Locks the choice's row until the transaction ends, as a vote does. On every database this is an update that writes
/// the same value.
fn lock(conn: &mut Connection, choice: i64) -> QueryResult<()> {
    diesel::update(polls_choice::table.filter(polls_choice::id.eq(choice)))
        .set(polls_choice::votes.eq(polls_choice::votes))
        .execute(conn)
        .map(|_| ())
}
