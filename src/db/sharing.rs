//! Whether Django uses the same database. If so, it counts votes without ballots, and has to be able to read passwords.

use diesel::prelude::*;

use super::Connection;
use super::schema::django_adoption;
use crate::clock;
use crate::settings::SharedWithDjango;

/// What the settings say; without a setting, whether the database was adopted from Django.
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

/// Records what the settings say, so that commands which ask the database alone know it.
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
