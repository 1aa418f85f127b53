//! Restores a backup into an empty database of any kind.

use std::collections::BTreeMap;
use std::path::Path;

use super::check::{Summary, check};
use super::file::{self, BackupPart, RowSum, TableHead, row_line};
use super::{BackupError, fresh, shapes};
use crate::auth::permissions;
use crate::db::rows::{self, BATCH, PortableRow, TableShape};
use crate::db::{self, Connection, migrate};
use crate::polls::recount;
use crate::web::context::installed::Installed;

/// With this many bytes of values (1 MiB) a batch of rows is inserted, so that no server refuses the statement as too
/// long.
const MOST: usize = 1 << 20;

/// Migrates the database, inserts every row, reads all rows back and compares their sums with those in the file. All
/// rows are inserted in one transaction: either all of them are there afterwards, or none.
///
/// # Errors
/// If the file is damaged or made by a newer program, if the database is not empty, or if it returns other values than
/// were inserted.
pub fn restore(
    conn: &mut Connection,
    path: &Path,
    installed: &Installed,
    mut progress: impl FnMut(&str, u64),
) -> Result<Summary, BackupError> {
    let summary = check(path)?;
    let mut fresh = fresh()?;
    permissions::create(&mut fresh, installed)?;
    let shapes = shapes(&mut fresh)?;
    migrate::run(conn)?;
    expect_empty(conn, &mut fresh, &shapes)?;
    let tables = db::write(conn, |conn| {
        // The rows that the migrations have inserted are in the backup, too, perhaps with other ids.
        for shape in shapes.iter().rev() {
            rows::clear(conn, &shape.name)?;
        }
        let tables = bring_in(conn, path, &shapes, &mut progress)?;
        for table in &tables {
            expect_same(conn, table, &summary, &mut progress)?;
        }
        let ballots: i64 = recount::counts(conn)?.iter().map(|count| count.ballots).sum();
        if ballots != summary.ballots {
            return Err(BackupError::Refused(format!(
                "{ballots} ballots were counted after they were brought in, of {}; nothing was changed",
                summary.ballots
            )));
        }
        Ok(tables)
    })?;
    // After the transaction has committed: on MySQL and MariaDB this statement would end it.
    for table in &tables {
        if let Some(last) = summary.manifest.tables.get(&table.name).and_then(|sum| sum.last_id) {
            rows::number_after(conn, table, last)?;
        }
    }
    permissions::create(conn, installed)?;
    Ok(summary)
}

/// Checks that the database has no rows other than those that the migrations insert.
fn expect_empty(conn: &mut Connection, fresh: &mut Connection, shapes: &[TableShape]) -> Result<(), BackupError> {
    let mut found = Vec::new();
    for shape in shapes {
        let number = rows::count(conn, &shape.name)?;
        if number > rows::count(fresh, &shape.name)? {
            found.push(format!("{number} rows in {}", shape.name));
        }
    }
    match found.is_empty() {
        true => Ok(()),
        false => Err(BackupError::Refused(format!(
            "this database is not empty, and nothing was changed: {}. Name another in database_url, which `polls \
             restore` makes or fills",
            found.join(", ")
        ))),
    }
}

/// Inserts every row of the file, and returns the tables with the columns that the file has.
fn bring_in(
    conn: &mut Connection,
    path: &Path,
    shapes: &[TableShape],
    progress: &mut impl FnMut(&str, u64),
) -> Result<Vec<TableShape>, BackupError> {
    let mut tables: Vec<TableShape> = Vec::new();
    let (mut rows, mut size, mut written) = (Vec::<PortableRow>::new(), 0, BTreeMap::<String, u64>::new());
    let mut flush = |tables: &[TableShape], rows: &mut Vec<PortableRow>| {
        if let Some(table) = tables.last() {
            let number = written.entry(table.name.clone()).or_default();
            *number += rows.len() as u64;
            rows::insert(conn, table, rows)?;
            progress(&table.name, *number);
        }
        rows.clear();
        Ok::<_, BackupError>(())
    };
    file::read(path, |part| {
        match part {
            BackupPart::Head(_) => {}
            BackupPart::Table(head) => {
                flush(&tables, &mut rows)?;
                tables.push(shape_of(head, shapes)?);
            }
            BackupPart::Row(row) => {
                size += row.iter().map(|value| value.as_str().map_or(8, str::len)).sum::<usize>();
                rows.push(row);
                if rows.len() >= BATCH || size >= MOST {
                    size = 0;
                    flush(&tables, &mut rows)?;
                }
            }
        }
        Ok(())
    })?;
    flush(&tables, &mut rows)?;
    Ok(tables)
}

/// The table of the database for a table of the backup, with the columns that the backup has.
fn shape_of(head: &TableHead, shapes: &[TableShape]) -> Result<TableShape, BackupError> {
    let newer = |what: &str| {
        BackupError::Refused(format!(
            "the backup has {what}, which this program does not know; restore it with the newer program that made it"
        ))
    };
    let shape = shapes.iter().find(|shape| shape.name == head.name);
    let shape = shape.ok_or_else(|| newer(&format!("the table {}", head.name)))?;
    let columns = head.columns.iter().map(|(name, kind)| {
        let known = shape.columns.iter().find(|column| column.name == *name && column.kind == *kind);
        known.cloned().ok_or_else(|| newer(&format!("the column {name} of {}", head.name)))
    });
    Ok(TableShape { columns: columns.collect::<Result<_, _>>()?, ..shape.clone() })
}

/// Reads a table back, and checks that every row is as it is in the file.
fn expect_same(
    conn: &mut Connection,
    table: &TableShape,
    summary: &Summary,
    progress: &mut impl FnMut(&str, u64),
) -> Result<(), BackupError> {
    let mut sum = RowSum::default();
    rows::read(conn, table, |row| {
        sum.add(row_line(&row).as_bytes());
        progress(&table.name, sum.rows);
        Ok::<_, BackupError>(())
    })?;
    let wanted = summary.manifest.tables.get(&table.name);
    let rows = sum.rows;
    if wanted.is_some_and(|wanted| wanted.rows == rows && wanted.sha256 == sum.hex()) {
        return Ok(());
    }
    Err(BackupError::Refused(format!(
        "{} came back otherwise than it was brought in ({rows} rows); nothing was changed. A text that this database \
         cannot hold is the likely reason",
        table.name
    )))
}
