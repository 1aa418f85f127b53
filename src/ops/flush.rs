//! Empties the database.

use crate::auth::permissions;
use crate::db::rows::{self, PortableRow};
use crate::db::{self, Connection};
use crate::ops::backup::{self, BackupError};
use crate::web::context::installed::Installed;

/// Tables that migrations and triggers keep.
const KEPT: [&str; 2] = ["django_migrations", "polls_public_change"];

/// Deletes all rows of all tables of this program, writes anew what migrations insert, and returns how many rows were
/// deleted. New rows get no numbers that were used before.
///
/// # Errors
/// If the database does not answer or lacks a table; nothing was deleted then.
pub fn flush(conn: &mut Connection, installed: &Installed) -> Result<u64, BackupError> {
    let mut fresh = backup::fresh()?;
    let mut tables = rows::shapes(&mut fresh)?;
    tables.retain(|table| !KEPT.contains(&table.name.as_str()));
    let deleted = db::write(conn, |conn| {
        let mut deleted = 0;
        for table in tables.iter().rev() {
            deleted += rows::count(conn, &table.name)?;
            rows::clear(conn, &table.name)?;
        }
        for table in &tables {
            let mut inserted: Vec<PortableRow> = Vec::new();
            rows::read(&mut fresh, table, |row| {
                inserted.push(row);
                Ok::<_, BackupError>(())
            })?;
            rows::insert(conn, table, &inserted)?;
        }
        Ok::<_, BackupError>(deleted)
    })?;
    permissions::create(conn, installed)?;
    Ok(deleted)
}
