//! MySQL and MariaDB.

use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Integer, Nullable, Text};

use super::{Column, Name};
use crate::db::Connection as AnyConnection;

pub fn open(url: &str) -> ConnectionResult<MysqlConnection> {
    MysqlConnection::establish(url)
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
    let lock: Locked =
        diesel::sql_query("SELECT CAST(GET_LOCK(CONCAT('polls migrate ', DATABASE()), 60) AS SIGNED) AS locked")
            .get_result(conn)?;
    if lock.locked != Some(1) {
        return Err(Error::QueryBuilderError("another process is migrating this database".into()).into());
    }
    let result = change(conn);
    diesel::sql_query("DO RELEASE_LOCK(CONCAT('polls migrate ', DATABASE()))").execute(conn)?;
    result
}
