//! PostgreSQL.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Array, Bool, Text};

use super::rows::{ColumnInfo, Name};
use super::transaction::write;
use crate::db::Connection as AnyConnection;
use crate::db::error::expect_translations;

/// The key of the advisory lock that migrations hold. It is an arbitrary number of our own.
const MIGRATION_LOCK: i64 = 0x706f_6c6c_7300;

/// Session settings that votes and pages rely on, because the server, the role or the database may have others.
/// Settings that this server does not know are left out. A commit waits for the disk, and for the standbys that the
/// server is configured to wait for (`remote_apply` is stricter than `on`). A vote sees only what others have
/// committed. Only our own time-outs end a wait for a lock, a statement or a transaction.
const SESSION: &str = "SELECT set_config(name, value, false) FROM (VALUES \
    ('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END), \
    ('default_transaction_isolation', 'read committed'), \
    ('default_transaction_deferrable', 'off'), \
    ('lock_timeout', '5s'), \
    ('statement_timeout', '0'), \
    ('transaction_timeout', '0'), \
    ('idle_in_transaction_session_timeout', '60s'), \
    ('idle_session_timeout', '0'), \
    ('standard_conforming_strings', 'on'), \
    ('transform_null_equals', 'off'), \
    ('row_security', 'on') \
    ) AS wanted (name, value) WHERE current_setting(name, true) IS DISTINCT FROM value \
    AND current_setting(name, true) IS NOT NULL";

/// Settings that only a superuser may change, unless the right was granted to this role. Each is tried.
const PRIVILEGED: [&str; 2] = ["SET lc_messages = 'C'", "SET session_replication_role = 'origin'"];

/// Connects. Every wait has a limit: for the server to accept, for a lost network or host (also while an answer is
/// awaited), and for a lock.
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
    conn.batch_execute(SESSION).map_err(ConnectionError::CouldntSetupConfiguration)?;
    let privileged = needs_privilege(&mut conn).map_err(ConnectionError::CouldntSetupConfiguration)?;
    if privileged {
        for statement in PRIVILEGED {
            if let Err(error) = conn.batch_execute(statement)
                && statement.contains("lc_messages")
            {
                tracing::debug!(target: "polls.db", %error, "The server's messages stay in their language.");
                expect_translations();
            }
        }
    }
    Ok(conn)
}

/// Whether a pooler gives two connections the same session of the server, one after the other, as PgBouncer does with
/// `pool_mode = transaction`. What one connection has set (such as that a commit waits for the disk) holds for the other
/// one then, or for none.
pub(super) fn share_a_session(one: &mut PgConnection, other: &mut PgConnection) -> QueryResult<bool> {
    let mark = format!("{:016x}", getrandom::u64().unwrap_or_default());
    diesel::sql_query("SELECT set_config('polls.session', $1, false)").bind::<Text, _>(&mark).execute(one)?;
    let seen: Found = diesel::sql_query("SELECT COALESCE(current_setting('polls.session', true), '') = $1 AS found")
        .bind::<Text, _>(&mark)
        .get_result(other)?;
    Ok(seen.found)
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Bool)]
    found: bool,
}

/// Whether the server's messages are in a language other than English, or foreign keys are not enforced.
fn needs_privilege(conn: &mut PgConnection) -> QueryResult<bool> {
    let found: Found = diesel::sql_query(
        "SELECT current_setting('lc_messages') !~ '^(C|POSIX|en)' AND current_setting('lc_messages') <> '' \
         OR current_setting('session_replication_role') <> 'origin' AS found",
    )
    .get_result(conn)?;
    Ok(found.found)
}

/// Settings of the server that a session cannot change, and properties of the tables, that can lose committed rows.
pub(super) fn losses(conn: &mut PgConnection, durable_tables: &[&str]) -> QueryResult<Vec<Name>> {
    diesel::sql_query(
        "SELECT name || ' = ' || current_setting(name, true) AS name FROM (VALUES \
         ('fsync', 'on'), ('full_page_writes', 'on'), ('data_sync_retry', 'off'), ('zero_damaged_pages', 'off'), \
         ('session_replication_role', 'origin') \
         ) AS wanted (name, value) WHERE current_setting(name, true) <> value \
         UNION ALL SELECT 'synchronous_commit = ' || current_setting('synchronous_commit') \
         WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply') \
         UNION ALL SELECT 'the table ' || relname || ' is UNLOGGED' FROM pg_class \
         WHERE relname = ANY($1) \
         AND relnamespace = current_schema()::regnamespace AND relpersistence = 'u'",
    )
    .bind::<Array<Text>, _>(durable_tables)
    .load(conn)
}

pub(super) fn tables(conn: &mut PgConnection) -> QueryResult<Vec<Name>> {
    diesel::sql_query(
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = current_schema()",
    )
    .load(conn)
}

pub(super) fn columns(conn: &mut PgConnection, table: &str) -> QueryResult<Vec<ColumnInfo>> {
    diesel::sql_query(
        "SELECT column_name::text AS name, data_type::text AS data_type, \
         is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AS required \
         FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 \
         ORDER BY ordinal_position",
    )
    .bind::<Text, _>(table)
    .load(conn)
}

/// Runs `change` in one transaction that holds an advisory lock.
pub(super) fn migrating<T, E: From<Error>>(
    conn: &mut AnyConnection,
    change: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    write(conn, |conn| {
        conn.batch_execute("SET LOCAL lock_timeout = '60s'")?;
        diesel::sql_query(format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).execute(conn)?;
        change(conn)
    })
}
