//! The SQL with which each database returns values as text and accepts them.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::serialize::ToSql;
use diesel::sql_types::{HasSqlType, Nullable, Text};
use serde_json::Value;

use super::cells::Cells;
use super::shape::{CellKind, ColumnShape, TableShape};
use super::{BATCH, PortableRow};
use crate::db::Connection;

/// Begins a transaction that sees the database as it is now.
pub(super) fn begin_snapshot(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        // SQLite takes the snapshot at the first query of the transaction, which is therefore run here.
        Connection::Sqlite(conn) => conn.batch_execute("BEGIN; SELECT count(*) FROM sqlite_master"),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => conn.batch_execute(
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        ),
    }
}

/// The quoted name of a table or a column.
pub(super) fn quoted(conn: &Connection, name: &str) -> String {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => format!("`{name}`"),
        _ => format!("\"{name}\""),
    }
}

pub(super) fn as_text(conn: &Connection, expression: &str) -> String {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => format!("CAST({expression} AS CHAR)"),
        _ => format!("CAST({expression} AS text)"),
    }
}

fn column_as_text(conn: &Connection, name: &str, kind: CellKind) -> String {
    let column = quoted(conn, name);
    match (conn, kind) {
        // The function also returns texts that are not UTF-8, with U+FFFD in them.
        (Connection::Sqlite(_), CellKind::Text) => format!("polls_text({column})"),
        #[cfg(feature = "postgres")]
        (Connection::Postgres(_), CellKind::Moment) => {
            format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
        }
        #[cfg(feature = "mysql")]
        (Connection::Mysql(_), CellKind::Moment) => format!("DATE_FORMAT({column}, '%Y-%m-%d %H:%i:%s.%f')"),
        _ => as_text(conn, &column),
    }
}

/// The next batch of rows: those with keys above `last`. The key is selected once more as the last column.
pub(super) fn read_after(conn: &mut Connection, table: &TableShape, last: Option<&str>) -> QueryResult<Vec<Cells>> {
    let mut columns: Vec<_> =
        table.columns.iter().map(|column| column_as_text(conn, &column.name, column.kind)).collect();
    columns.push(column_as_text(conn, &table.key, table.key_kind()));
    let columns: Vec<_> = columns.iter().enumerate().map(|(index, column)| format!("{column} AS c{index}")).collect();
    let key = quoted(conn, &table.key);
    // Texts are compared byte by byte, so that the order is the same on every database.
    let (order, parameter) = match (&*conn, table.key_kind()) {
        (_, CellKind::Integer) | (Connection::Sqlite(_), _) => (key, "?"),
        #[cfg(feature = "postgres")]
        (Connection::Postgres(_), CellKind::Text) => (format!("{key}::text COLLATE \"C\""), "$1"),
        #[cfg(feature = "postgres")]
        (Connection::Postgres(_), _) => (key, "$1::timestamptz"),
        #[cfg(feature = "mysql")]
        (Connection::Mysql(_), CellKind::Text) => (format!("BINARY {key}"), "?"),
        #[cfg(feature = "mysql")]
        (Connection::Mysql(_), _) => (key, "?"),
    };
    let number = columns.len();
    let select = format!("SELECT {number} AS n, {} FROM {}", columns.join(", "), quoted(conn, &table.name));
    let end = format!("ORDER BY {order} LIMIT {BATCH}");
    match (last, table.key_kind()) {
        (None, _) => diesel::sql_query(format!("{select} {end}")).load(conn),
        // Safe in the text of the query, because it is a number that the database itself has returned.
        (Some(last), CellKind::Integer) => {
            diesel::sql_query(format!("{select} WHERE {order} > {} {end}", last.parse::<i64>().unwrap_or(i64::MAX)))
                .load(conn)
        }
        (Some(last), _) => {
            diesel::sql_query(format!("{select} WHERE {order} > {parameter} {end}")).bind::<Text, _>(last).load(conn)
        }
    }
}

pub(super) fn insert(conn: &mut Connection, table: &TableShape, rows: &[PortableRow]) -> QueryResult<()> {
    let columns: Vec<_> = table.columns.iter().map(|column| quoted(conn, &column.name)).collect();
    let mut parameters = Parameters::default();
    let tuples: Vec<_> = rows
        .iter()
        .map(|_| {
            let tuple: Vec<_> = table.columns.iter().map(|column| parameters.next(conn, column.kind)).collect();
            format!("({})", tuple.join(", "))
        })
        .collect();
    let sql =
        format!("INSERT INTO {} ({}) VALUES {}", quoted(conn, &table.name), columns.join(", "), tuples.join(", "));
    let values = rows.iter().flat_map(|row| table.columns.iter().zip(row));
    execute(conn, sql, values.map(|(column, value)| column.kind.text(value)))
}

pub(super) fn update(
    conn: &mut Connection,
    table: &TableShape,
    key: &Value,
    columns: &[ColumnShape],
    row: &[Value],
) -> QueryResult<()> {
    let mut parameters = Parameters::default();
    let set: Vec<_> = columns
        .iter()
        .map(|column| format!("{} = {}", quoted(conn, &column.name), parameters.next(conn, column.kind)))
        .collect();
    let sql = format!(
        "UPDATE {} SET {} WHERE {} = {}",
        quoted(conn, &table.name),
        set.join(", "),
        quoted(conn, &table.key),
        parameters.next(conn, table.key_kind()),
    );
    let values = columns.iter().zip(row).map(|(column, value)| column.kind.text(value));
    execute(conn, sql, values.chain([table.key_kind().text(key)]))
}

/// The placeholders of a statement. Every value is bound as a text, which PostgreSQL must be told to convert.
#[derive(Default)]
struct Parameters {
    #[cfg(feature = "postgres")]
    number: usize,
}

impl Parameters {
    fn next(&mut self, conn: &Connection, kind: CellKind) -> String {
        match (conn, kind) {
            #[cfg(feature = "postgres")]
            (Connection::Postgres(_), kind) => {
                self.number += 1;
                let number = self.number;
                match kind {
                    CellKind::Integer => format!("${number}::bigint"),
                    CellKind::Boolean => format!("${number}::boolean"),
                    CellKind::Moment => format!("${number}::timestamptz"),
                    CellKind::Text => format!("${number}"),
                }
            }
            _ => "?".to_owned(),
        }
    }
}

fn execute(conn: &mut Connection, sql: String, values: impl Iterator<Item = Option<String>>) -> QueryResult<()> {
    match conn {
        Connection::Sqlite(conn) => bound(sql, values).execute(conn),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => bound(sql, values).execute(conn),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => bound(sql, values).execute(conn),
    }
    .map(|_| ())
}

fn bound<DB>(sql: String, values: impl Iterator<Item = Option<String>>) -> BoxedSqlQuery<'static, DB, SqlQuery>
where
    DB: diesel::backend::Backend + HasSqlType<Text> + 'static,
    Option<String>: ToSql<Nullable<Text>, DB>,
{
    values.fold(diesel::sql_query(sql).into_boxed(), BoxedSqlQuery::bind::<Nullable<Text>, _>)
}

pub(super) fn last_id(conn: &mut Connection, table: &TableShape) -> QueryResult<Option<i64>> {
    let name = &table.name;
    let query = match conn {
        Connection::Sqlite(_) => {
            format!("SELECT 1 AS n, CAST(max(seq) AS text) AS c0 FROM sqlite_sequence WHERE name = '{name}'")
        }
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => format!(
            "SELECT 1 AS n, CAST(pg_sequence_last_value(pg_get_serial_sequence('\"{name}\"', 'id')::regclass) AS text) AS c0"
        ),
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => format!(
            "SELECT 1 AS n, CAST(max(auto_increment) - 1 AS CHAR) AS c0 FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = '{name}'"
        ),
    };
    let found: Vec<Cells> = diesel::sql_query(query).load(conn)?;
    let last = found.into_iter().next().and_then(|cells| cells.0.into_iter().next().flatten());
    Ok(last.and_then(|number| number.parse().ok()).filter(|number| *number > 0))
}

pub(super) fn number_after(conn: &mut Connection, table: &TableShape, last: i64) -> QueryResult<()> {
    let name = &table.name;
    let statement = match conn {
        Connection::Sqlite(_) => format!(
            "DELETE FROM sqlite_sequence WHERE name = '{name}' AND seq < {last}; \
             INSERT INTO sqlite_sequence (name, seq) SELECT '{name}', {last} \
             WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '{name}')"
        ),
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => {
            format!("SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id')::regclass, {last})")
        }
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => format!("ALTER TABLE `{name}` AUTO_INCREMENT = {}", last.saturating_add(1)),
    };
    conn.batch_execute(&statement)
}
