//! Whether Django uses the same database. If so, votes are counted without ballots, too, and passwords must be stored
//! so that Django can read them.

use diesel::prelude::*;

use super::Connection;
use super::schema::django_adoption;
use crate::clock;
use crate::settings::SharedWithDjango;

/// The setting; if it is not set, whether the database was adopted from Django.
///
/// # Errors
/// If the database does not answer.
pub fn is_shared(conn: &mut Connection, setting: SharedWithDjango) -> QueryResult<bool> {
    match setting {
        SharedWithDjango::Yes => Ok(true),
        SharedWithDjango::No => Ok(false),
        SharedWithDjango::IfAdopted => Ok(django_adoption::table.count().get_result::<i64>(conn)? > 0),
    }
}

/// Records that Django uses the database.
///
/// # Errors
/// If the database does not answer.
pub(super) fn note_adoption(conn: &mut Connection) -> QueryResult<()> {
    let now = clock::storable(clock::now());
    diesel::insert_into(django_adoption::table).values(django_adoption::adopted_at.eq(now)).execute(conn).map(|_| ())
}

/// Stores the setting in the database, for commands that have only the database.
///
/// # Errors
/// If the database does not answer.
pub fn note_sharing(conn: &mut Connection, setting: SharedWithDjango) -> QueryResult<()> {
    match (setting, is_shared(conn, SharedWithDjango::IfAdopted)?) {
        (SharedWithDjango::Yes, false) => note_adoption(conn),
        (SharedWithDjango::No, true) => diesel::delete(django_adoption::table).execute(conn).map(|_| ()),
        _ => Ok(()),
    }
}
