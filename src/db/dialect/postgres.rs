//! PostgreSQL.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::Text;

use super::{Column, Name};
use crate::db::Connection as AnyConnection;

/// The key of the advisory lock that migrations hold; any number of our own.
const MIGRATION_LOCK: i64 = 0x706f_6c6c_7300;

/// Connects. Nothing waits for ever: not for the server, not for a network or a host that is gone, also while an
/// answer is awaited, not for a lock.
pub fn open(url: &str) -> ConnectionResult<PgConnection> {
    let mut url = url.to_owned();
    let limits = [
        ("connect_timeout", "5"),
        ("tcp_user_timeout", "10000"),
        ("keepalives_idle", "5"),
        ("keepalives_interval", "2"),
        ("keepalives_count", "3"),
    ];
    for (key, value) in limits {
        if !url.contains(key) {
            let separator = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{separator}{key}={value}");
        }
    }
    let mut conn = PgConnection::establish(&url)?;
    conn.batch_execute("SET lock_timeout = '5s'").map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

pub(super) fn tables(conn: &mut PgConnection) -> QueryResult<Vec<Name>> {
    diesel::sql_query(
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema()",
    )
    .load(conn)
}

pub(super) fn columns(conn: &mut PgConnection, table: &str) -> QueryResult<Vec<Column>> {
    diesel::sql_query(
        "SELECT column_name::text AS name, data_type::text AS data_type, \
         is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AS required \
         FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 \
         ORDER BY ordinal_position",
    )
    .bind::<Text, _>(table)
    .load(conn)
}

/// One transaction that holds an advisory lock.
pub(super) fn migrating<T, E: From<Error>>(
    conn: &mut AnyConnection,
    change: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    super::write(conn, |conn| {
        conn.batch_execute("SET LOCAL lock_timeout = '60s'")?;
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).execute(conn)?;
        change(conn)
    })
}
