//! When administrators last made a backup, and last recounted the votes.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::Connection;
use super::schema::{__diesel_schema_migrations as migrations, ops_last_done};
use crate::clock;

/// What is noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chore {
    Backup,
    Recount,
}

impl Chore {
    pub const ALL: [Self; 2] = [Self::Backup, Self::Recount];
    /// What was done last so long ago is overdue.
    pub const OVERDUE: TimeDelta = TimeDelta::days(7);

    pub fn name(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Recount => "recount",
        }
    }

    /// Notes that it was done now.
    ///
    /// # Errors
    /// If the database does not answer or takes no writes.
    pub fn note(self, conn: &mut Connection) -> QueryResult<()> {
        let now = clock::storable(clock::now());
        diesel::delete(ops_last_done::table.find(self.name())).execute(conn)?;
        let row = (ops_last_done::what.eq(self.name()), ops_last_done::done_at.eq(now));
        diesel::insert_into(ops_last_done::table).values(row).execute(conn).map(|_| ())
    }

    /// When it was done last, in UTC; None if that is not known.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn last(self, conn: &mut Connection) -> QueryResult<Option<NaiveDateTime>> {
        ops_last_done::table.find(self.name()).select(ops_last_done::done_at).first(conn).optional()
    }
}

/// When the tables were made, in UTC.
///
/// # Errors
/// If the database does not answer.
pub fn tables_made_at(conn: &mut Connection) -> QueryResult<Option<NaiveDateTime>> {
    migrations::table.select(diesel::dsl::min(migrations::run_on)).first(conn)
}
