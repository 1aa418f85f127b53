//! Detects commits by other connections, and whether they have changed rows that public pages show.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;

use crate::db::Connection as AnyConnection;

/// A number that changes whenever another connection has committed (`PRAGMA data_version`). None if it cannot be read
/// now.
pub fn data_version(conn: &mut AnyConnection) -> Option<i64> {
    match conn {
        AnyConnection::Sqlite(conn) => DataVersion.get_result(conn).ok(),
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => None,
    }
}

/// A query type of its own, because it runs up to a thousand times a second and `sql_query` would be parsed each time.
#[derive(QueryId)]
struct DataVersion;

impl QueryFragment<Sqlite> for DataVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA data_version");
        Ok(())
    }
}

impl Query for DataVersion {
    type SqlType = BigInt;
}

impl RunQueryDsl<SqliteConnection> for DataVersion {}

#[derive(diesel::QueryableByName)]
struct PublicCount {
    #[diesel(sql_type = BigInt)]
    triggers: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many triggers the migrations make (0033, 0091, 0095): three for each table whose rows public pages show.
const PUBLIC_TRIGGERS: i64 = 18;

/// How many writes have changed rows that public pages show. None if the triggers that count them are missing, or if it
/// cannot be read now.
pub fn public_changes(conn: &mut AnyConnection) -> Option<i64> {
    let query = "SELECT (SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_is_public') AS triggers, \
                 number FROM polls_public_change";
    let public: PublicCount = match conn {
        AnyConnection::Sqlite(conn) => diesel::sql_query(query).get_result(conn).ok()?,
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => return None,
    };
    (public.triggers == PUBLIC_TRIGGERS).then_some(public.number)
}
