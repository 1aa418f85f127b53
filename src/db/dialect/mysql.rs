//! MySQL and MariaDB.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::{Integer, Nullable, Text};

use super::rows::{ColumnInfo, Name};
use crate::db::Connection as AnyConnection;

/// Session settings that votes and pages rely on, because the server may have other defaults. A statement commits when
/// the session says so and not before; keys and lengths are enforced; a lock is waited for at most five seconds, and
/// nothing else ends a statement; errors are in English, as `db::error` expects. `PIPES_AS_CONCAT` is needed by Diesel.
const SESSION: &str = "SET SESSION autocommit = 1, completion_type = 'NO_CHAIN', unique_checks = 1, \
    foreign_key_checks = 1, sql_auto_is_null = 0, sql_safe_updates = 0, sql_big_selects = 1, sql_select_limit = 18446744073709551615, \
    sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT', \
    time_zone = '+00:00', innodb_lock_wait_timeout = 5, wait_timeout = 28800, lc_messages = 'en_US' \
    /*M! , max_statement_time = 0, check_constraint_checks = 1, idle_transaction_timeout = 60 */ \
    /*!50708 , max_execution_time = 0 */";

/// Connects. READ COMMITTED allows a transaction that has waited for a row's lock to change that row; with the default
/// isolation level, newer versions of MariaDB refuse that.
pub fn open(url: &str) -> ConnectionResult<MysqlConnection> {
    let mut conn = MysqlConnection::establish(url)?;
    conn.batch_execute(SESSION)
        .and_then(|()| conn.batch_execute("SET NAMES utf8mb4"))
        .and_then(|()| conn.batch_execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"))
        .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

#[derive(diesel::QueryableByName)]
struct Variable {
    #[diesel(sql_type = Text, column_name = "Variable_name")]
    name: String,
    #[diesel(sql_type = Text, column_name = "Value")]
    value: String,
}

/// Settings of the server that a session cannot change, and engines of tables, that can lose committed rows. If the
/// binary log is on, InnoDB relies on it being on disk. InnoDB is the only engine that is known to have transactions
/// and to survive a crash.
pub(super) fn losses(conn: &mut MysqlConnection, durable_tables: &[&str]) -> QueryResult<Vec<Name>> {
    let variables: Vec<Variable> = diesel::sql_query(
        "SHOW VARIABLES WHERE Variable_name IN ('innodb_flush_log_at_trx_commit', 'innodb_doublewrite', \
         'innodb_flush_method', 'sync_binlog', 'log_bin')",
    )
    .load(conn)?;
    let value = |name: &str| variables.iter().find(|variable| variable.name == name).map(|variable| &*variable.value);
    let has_binlog = value("log_bin") == Some("ON");
    let mut losses: Vec<_> = variables
        .iter()
        .filter(|Variable { name, value }| match name.as_str() {
            // MariaDB's 3 also waits for the disk at every commit: it is the older order of the same two waits.
            "innodb_flush_log_at_trx_commit" => !matches!(value.as_str(), "1" | "3"),
            "innodb_doublewrite" => matches!(value.as_str(), "OFF" | "0" | "DETECT_ONLY"),
            "innodb_flush_method" => matches!(value.as_str(), "nosync" | "littlesync"),
            "sync_binlog" => has_binlog && value != "1",
            _ => false,
        })
        .map(|Variable { name, value }| Name { name: format!("{name} = {value}") })
        .collect();
    let tables: Vec<Name> = diesel::sql_query(format!(
        "SELECT CAST(CONCAT('the table ', table_name, ' is in the engine ', engine) AS CHAR) AS name \
         FROM information_schema.tables WHERE table_schema = DATABASE() AND engine <> 'InnoDB' \
         AND table_name IN ('{}')",
        durable_tables.join("', '")
    ))
    .load(conn)?;
    losses.extend(tables);
    Ok(losses)
}

pub(super) fn tables(conn: &mut MysqlConnection) -> QueryResult<Vec<Name>> {
    diesel::sql_query(
        "SELECT CAST(table_name AS CHAR) AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    .load(conn)
}

pub(super) fn columns(conn: &mut MysqlConnection, table: &str) -> QueryResult<Vec<ColumnInfo>> {
    diesel::sql_query(
        "SELECT CAST(column_name AS CHAR) AS name, LOWER(CAST(data_type AS CHAR)) AS data_type, \
         is_nullable = 'NO' AND column_default IS NULL AND extra NOT LIKE '%auto_increment%' AS required \
         FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ? \
         ORDER BY ordinal_position",
    )
    .bind::<Text, _>(table)
    .load(conn)
}

/// The characters of a text that the columns cannot store, in the text's order. `utf8mb3` (the old `utf8` of MySQL and
/// MariaDB) has no characters above U+FFFF.
pub(super) fn unstorable(conn: &mut MysqlConnection, table: &str, column: &str, text: &str) -> QueryResult<String> {
    let sets: Vec<Name> = diesel::sql_query(
        "SELECT DISTINCT CAST(character_set_name AS CHAR) AS name FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND character_set_name NOT IN ('utf8mb4', 'ascii') \
         AND (table_name = ? AND column_name = ? OR table_name = 'django_session' AND column_name = 'session_data' \
         OR table_name = 'django_admin_log' AND column_name IN ('object_repr', 'change_message'))",
    )
    .bind::<Text, _>(table)
    .bind::<Text, _>(column)
    .load(conn)?;
    let mut lost = String::new();
    for Name { name: set } in sets {
        let kept: Name = diesel::sql_query(format!("SELECT CONVERT(CONVERT(? USING {set}) USING utf8mb4) AS name"))
            .bind::<Text, _>(text)
            .get_result(conn)?;
        let differs = text.chars().zip(kept.name.chars()).filter(|(c, kept)| c != kept).map(|(c, _)| c);
        lost.extend(differs);
    }
    Ok(lost)
}

/// An `ALTER TABLE` statement for each table of Django's and ours whose text columns are not all in `utf8mb4`.
pub(super) fn narrow_tables(conn: &mut MysqlConnection) -> QueryResult<Vec<Name>> {
    diesel::sql_query(
        "SELECT DISTINCT CAST(CONCAT('ALTER TABLE `', table_name, '` CONVERT TO CHARACTER SET utf8mb4;') AS CHAR) AS name \
         FROM information_schema.columns WHERE table_schema = DATABASE() \
         AND character_set_name NOT IN ('utf8mb4', 'ascii') AND (table_name LIKE 'polls\\_%' \
         OR table_name LIKE 'auth\\_%' OR table_name LIKE 'django\\_%' OR table_name LIKE 'bookmark\\_%') \
         ORDER BY name",
    )
    .load(conn)
}

#[derive(diesel::QueryableByName)]
struct Locked {
    #[diesel(sql_type = Nullable<Integer>)]
    locked: Option<i32>,
}

/// Runs `change` while it holds a named lock. Statements that change tables commit by themselves on MySQL and MariaDB,
/// so every migration is written such that it can be run again after it has stopped half-way.
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
    // The lock is released with the connection if the connection is lost. In that case the error of `change` is the one
    // to report.
    let released =
        diesel::sql_query("DO RELEASE_LOCK(CONCAT('polls migrate ', MD5(COALESCE(DATABASE(), ''))))").execute(conn);
    let value = result?;
    released?;
    Ok(value)
}
