//! The rows of all tables in a form that is the same on every database: for backups, which can be restored to another
//! kind of database.

mod cells;
mod shape;
mod sql;

pub use shape::{CellKind, ColumnShape, ForeignKey, TableShape, shapes};

use diesel::prelude::*;
use serde_json::Value;

use super::{Connection, dialect};
use cells::Cells;

/// The values of a row in the order of the columns: numbers, booleans, texts, null. A time is a text, in UTC.
pub type PortableRow = Vec<Value>;

/// How many rows are read or inserted at once.
pub const BATCH: usize = 500;

/// The names of all tables, those of other programs included.
///
/// # Errors
/// If the database does not answer.
pub fn tables(conn: &mut Connection) -> QueryResult<Vec<String>> {
    dialect::tables(conn)
}

/// The tables of `shapes` that exist in this database, with those of their columns that exist.
///
/// # Errors
/// If the database does not answer.
pub fn present(conn: &mut Connection, shapes: Vec<TableShape>) -> QueryResult<Vec<TableShape>> {
    let tables = tables(conn)?;
    let mut present = Vec::new();
    for mut shape in shapes.into_iter().filter(|shape| tables.contains(&shape.name)) {
        let columns = dialect::columns(conn, &shape.name)?;
        shape.columns.retain(|wanted| columns.iter().any(|column| column.name == wanted.name));
        present.push(shape);
    }
    Ok(present)
}

/// Runs queries that all see the database as it was at one moment, while others write to it.
///
/// # Errors
/// The error of `read` or of the database.
pub fn in_snapshot<T, E>(conn: &mut Connection, read: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    sql::begin_snapshot(conn)?;
    let result = read(conn);
    // Nothing was written, so an error has no effect.
    let _ = diesel::sql_query("ROLLBACK").execute(conn);
    result
}

/// How many rows a table has.
///
/// # Errors
/// If the database does not answer.
pub fn count(conn: &mut Connection, table: &str) -> QueryResult<u64> {
    let query = format!("SELECT 1 AS n, {} AS c0 FROM {}", sql::as_text(conn, "count(*)"), sql::quoted(conn, table));
    let found: Cells = diesel::sql_query(query).get_result(conn)?;
    Ok(found.0.first().and_then(Option::as_deref).and_then(|number| number.parse().ok()).unwrap_or_default())
}

/// Reads a table in the order of its key, [`BATCH`] rows at a time.
///
/// # Errors
/// The error of `each` or of the database.
pub fn read<E>(
    conn: &mut Connection,
    table: &TableShape,
    mut each: impl FnMut(PortableRow) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<diesel::result::Error>,
{
    let mut last = None;
    loop {
        let rows = sql::read_after(conn, table, last.as_deref())?;
        let is_end = rows.len() < BATCH;
        for Cells(mut cells) in rows {
            // The last of the columns is the key, which is selected once more.
            last = cells.pop().flatten();
            each(table.columns.iter().zip(cells).map(|(column, cell)| column.kind.value(cell)).collect())?;
        }
        if is_end {
            return Ok(());
        }
    }
}

/// Inserts rows into a table with one statement.
///
/// # Errors
/// If the database refuses them.
pub fn insert(conn: &mut Connection, table: &TableShape, rows: &[PortableRow]) -> QueryResult<()> {
    if rows.is_empty() { Ok(()) } else { sql::insert(conn, table, rows) }
}

/// Sets these columns of the row with this key.
///
/// # Errors
/// If the database refuses the values.
pub fn update(
    conn: &mut Connection,
    table: &TableShape,
    key: &Value,
    columns: &[ColumnShape],
    row: &[Value],
) -> QueryResult<()> {
    if columns.is_empty() { Ok(()) } else { sql::update(conn, table, key, columns, row) }
}

/// Deletes the rows in which a column has a number.
///
/// # Errors
/// If the database refuses it.
pub fn delete(conn: &mut Connection, table: &str, column: &str, number: i64) -> QueryResult<()> {
    let query = format!("DELETE FROM {} WHERE {} = {number}", sql::quoted(conn, table), sql::quoted(conn, column));
    diesel::sql_query(query).execute(conn).map(|_| ())
}

/// Deletes all rows of a table.
///
/// # Errors
/// If the database refuses it.
pub fn clear(conn: &mut Connection, table: &str) -> QueryResult<()> {
    let query = format!("DELETE FROM {}", sql::quoted(conn, table));
    diesel::sql_query(query).execute(conn).map(|_| ())
}

/// The last id that the table has given to a row; None if the table does not number its rows. That row may be deleted
/// by now.
///
/// # Errors
/// If the database does not answer.
pub fn last_id(conn: &mut Connection, table: &TableShape) -> QueryResult<Option<i64>> {
    if table.is_numbered() { sql::last_id(conn, table) } else { Ok(None) }
}

/// The highest id in a table; None if it is empty or does not number its rows.
///
/// # Errors
/// If the database does not answer.
pub fn highest_id(conn: &mut Connection, table: &TableShape) -> QueryResult<Option<i64>> {
    if !table.is_numbered() {
        return Ok(None);
    }
    let query =
        format!("SELECT 1 AS n, {} AS c0 FROM {}", sql::as_text(conn, "max(id)"), sql::quoted(conn, &table.name));
    let found: Cells = diesel::sql_query(query).get_result(conn)?;
    Ok(found.0.first().and_then(Option::as_deref).and_then(|number| number.parse().ok()))
}

/// Makes a table give only higher ids to new rows. On MySQL and MariaDB this ends the current transaction.
///
/// # Errors
/// If the database refuses it.
pub fn number_after(conn: &mut Connection, table: &TableShape, last: i64) -> QueryResult<()> {
    if table.is_numbered() { sql::number_after(conn, table, last) } else { Ok(()) }
}
