//! Reads that may take long, such as a search or a page far behind.

use diesel::QueryResult;

use crate::db::{Connection, Database, DatabaseError};
use crate::web::{Ambient, Error, Result};

/// The user number under which all readers without a session share one turn. No user has this number.
const READERS: i32 = 0;

/// Reads what may take long: one such read at a time for each user, and one for all readers without a session together
/// ([`Database::read_in_turn`]).
///
/// # Errors
/// `Unavailable` if the database does not answer or the turn does not come; `TooSlow` if the read takes too long.
pub async fn read_in_turn<T, F>(db: &Database, ambient: &Ambient, query: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
{
    let reader = ambient.viewer().map_or(READERS, |viewer| viewer.id);
    db.read_in_turn(reader, query).await.map_err(|error| match error {
        DatabaseError::OneAtATime => Error::Unavailable("what takes long is read one at a time".into()),
        error => error.into(),
    })
}
