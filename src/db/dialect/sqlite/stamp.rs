//! A number in page 1 of the file, `PRAGMA user_version`, that increases with every batch of ballots. It distinguishes
//! the file's write-ahead log from that of another database (`foreign_log`).

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;

use crate::db::Connection as AnyConnection;

/// Writes the next stamp to page 1, in a transaction that writes anyway. By the stamps a write-ahead log is recognised
/// as the file's own: its page 1 has the stamp that follows the file's. The first stamp is random, so that two
/// databases do not have the same.
///
/// # Errors
/// If the file cannot be read or written.
pub fn stamp(conn: &mut SqliteConnection) -> QueryResult<()> {
    let next = i32::try_from(last_stamp(conn)?).ok().filter(|last| *last > 0).and_then(|last| last.checked_add(1));
    let next = next.unwrap_or_else(|| {
        let random = getrandom::u32().ok().and_then(|random| i32::try_from(random >> 2).ok());
        random.unwrap_or_default().max(1)
    });
    conn.batch_execute(&format!("PRAGMA user_version = {next}"))
}

/// Writes the first stamp to a file that was just created or adopted.
pub(super) fn stamp_first(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(conn) => {
            if last_stamp(conn)? == 0 {
                stamp(conn)?;
            }
            Ok(())
        }
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => Ok(()),
    }
}

fn last_stamp(conn: &mut SqliteConnection) -> QueryResult<i64> {
    UserVersion.get_result(conn)
}

/// A query type of its own, because `sql_query` would be parsed anew with every batch of ballots.
#[derive(QueryId)]
struct UserVersion;

impl QueryFragment<Sqlite> for UserVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA user_version");
        Ok(())
    }
}

impl Query for UserVersion {
    type SqlType = BigInt;
}

impl RunQueryDsl<SqliteConnection> for UserVersion {}
