//! MySQL and MariaDB.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Integer, Nullable, Text};

use super::{Column, Name};
use crate::db::Connection as AnyConnection;

/// Connects. A lock is waited for five seconds, errors are told in the words that `db::Error` knows, and who
/// has waited for a row may write what has become of it (newer MariaDB refuses that otherwise).
pub fn open(url: &str) -> ConnectionResult<MysqlConnection> {
    let mut conn = MysqlConnection::establish(url)?;
    conn.batch_execute("SET SESSION innodb_lock_wait_timeout = 5, lc_messages = 'en_US'")
        .and_then(|()| conn.batch_execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

pub(super) fn tables(conn: &mut MysqlConnection) -> QueryResult<Vec<Name>> {
    diesel::sql_query(
        "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    .load(conn)
}

pub(super) fn columns(conn: &mut MysqlConnection, table: &str) -> QueryResult<Vec<Column>> {
    diesel::sql_query(
        "SELECT CAST(column_name AS CHAR) AS name, LOWER(CAST(data_type AS CHAR)) AS data_type, \
         is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%' AS required \
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? \
         ORDER BY ordinal_position",
    )
    .bind::<Text, _>(table)
    .load(conn)
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Nullable<Integer>)]
    locked: Option<i32>,
}

/// Holds a named lock. Changes of tables commit by themselves here, so each migration can be run
/// again after it stopped half-way.
pub(super) fn migrating<T, E: From<Error>>(
    conn: &mut AnyConnection,
    change: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    let lock: Locked = diesel::sql_query(
        "SELECT CAST(GET_LOCK(CONCAT('polls migrate ', MD5(COALESCE(DATABASE(), ''))), 60) AS SIGNED) AS locked",
    )
    .get_result(conn)?;
    if lock.locked != Some(1) {
        return Err(
            Error::QueryBuilderError("another process has been migrating this database for a minute".into()).into()
        );
    }
    let result = change(conn);
    // Lost with the connection, if that is what broke the change off; its error says more.
    let released =
        diesel::sql_query("DO RELEASE_LOCK(CONCAT('polls migrate ', MD5(COALESCE(DATABASE(), ''))))").execute(conn);
    let value = result?;
    released?;
    Ok(value)
}
