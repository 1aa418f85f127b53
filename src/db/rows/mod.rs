//! The rows of all tables in a form that is the same on every database: for a backup, and for the way from one
//! database to another.

mod cells;
mod shape;
mod sql;

pub use shape::{CellKind, ColumnShape, TableShape, shapes};

use diesel::prelude::*;
use serde_json::Value;

use super::{Connection, dialect};
use cells::Cells;

/// A row's values in the order of the columns: numbers, true and false, texts, null. A moment is a text, in UTC.
pub type PortableRow = Vec<Value>;

/// How many rows are read, or written, at once.
pub const BATCH: usize = 500;

/// The tables of `shapes` that this database has, with those columns that it has.
///
/// # Errors
/// If the database does not answer.
pub fn present(conn: &mut Connection, shapes: Vec<TableShape>) -> QueryResult<Vec<TableShape>> {
    let tables = dialect::tables(conn)?;
    let mut present = Vec::new();
    for mut shape in shapes.into_iter().filter(|shape| tables.contains(&shape.name)) {
        let columns = dialect::columns(conn, &shape.name)?;
        shape.columns.retain(|wanted| columns.iter().any(|column| column.name == wanted.name));
        present.push(shape);
    }
    Ok(present)
}

/// Runs queries that all see the database as it was at one moment, while others go on writing.
///
/// # Errors
/// What `read` or the database says.
pub fn in_snapshot<T, E>(conn: &mut Connection, read: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    sql::begin_snapshot(conn)?;
    let result = read(conn);
    // Nothing was written.
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

/// Reads a table from its beginning to its end, in the order of its key, a batch at a time.
///
/// # Errors
/// What `each` or the database says.
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
            // The key comes once more behind the columns.
            last = cells.pop().flatten();
            each(table.columns.iter().zip(cells).map(|(column, cell)| column.kind.value(cell)).collect())?;
        }
        if is_end {
            return Ok(());
        }
    }
}

/// Writes rows into a table, in one statement.
///
/// # Errors
/// If the database does not take them.
pub fn insert(conn: &mut Connection, table: &TableShape, rows: &[PortableRow]) -> QueryResult<()> {
    if rows.is_empty() { Ok(()) } else { sql::insert(conn, table, rows) }
}

/// Empties a table.
///
/// # Errors
/// If the database does not take it.
pub fn clear(conn: &mut Connection, table: &str) -> QueryResult<()> {
    let query = format!("DELETE FROM {}", sql::quoted(conn, table));
    diesel::sql_query(query).execute(conn).map(|_| ())
}

/// The last number that a table has given to a row, if it numbers them. It may be that of a row that is gone.
///
/// # Errors
/// If the database does not answer.
pub fn last_id(conn: &mut Connection, table: &TableShape) -> QueryResult<Option<i64>> {
    if table.is_numbered() { sql::last_id(conn, table) } else { Ok(None) }
}

/// Has a table give higher numbers only. On MySQL and MariaDB it ends a transaction.
///
/// # Errors
/// If the database does not take it.
pub fn number_after(conn: &mut Connection, table: &TableShape, last: i64) -> QueryResult<()> {
    if table.is_numbered() { sql::number_after(conn, table, last) } else { Ok(()) }
}
