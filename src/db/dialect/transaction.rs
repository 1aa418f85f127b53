//! Transactions that write.

use diesel::connection::{AnsiTransactionManager, TransactionManager as _};

use crate::db::Connection;

/// Runs `change` in a transaction that is going to write.
///
/// On SQLite it takes the write lock at its beginning, where it waits up to the busy timeout. If a transaction first
/// read and then wrote, SQLite would refuse the write, without waiting, if another connection were writing or had
/// written in between.
///
/// # Errors
/// The error of `change` or of the database; then nothing is changed.
pub fn write<T, E>(conn: &mut Connection, change: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match conn {
        Connection::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?,
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => Connection::begin_transaction(conn)?,
    }
    match change(conn) {
        Ok(value) => {
            Connection::commit_transaction(conn)?;
            Ok(value)
        }
        Err(error) => {
            // The caller needs the first error. If the rollback fails, too, the connection is found broken at its next
            // use.
            let _ = Connection::rollback_transaction(conn);
            Err(error)
        }
    }
}
