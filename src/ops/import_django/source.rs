//! Reads a database that Django has made.

use std::collections::HashSet;

use crate::db::Connection;
use crate::db::rows;
use crate::ops::fixtures::{self, DumpOptions, FixtureError, FixtureObject, models};
use crate::web::context::installed::Installed;

/// Django's own tables that are no models of a fixture.
const OF_DJANGO: [&str; 4] =
    ["django_migrations", "auth_group_permissions", "auth_user_groups", "auth_user_user_permissions"];

/// A table of an app that this program does not have.
#[derive(Debug)]
pub struct ForeignTable {
    pub name: String,
    pub rows: u64,
}

/// The objects of a database, as Django's `dumpdata --natural-foreign` writes them. Nothing is written to it.
///
/// # Errors
/// If the database does not answer, lacks Django's tables of users, or has this program's tables.
pub fn objects_of(conn: &mut Connection, installed: &Installed) -> Result<Vec<FixtureObject>, FixtureError> {
    if rows::tables(conn)?.iter().any(|name| name == "polls_ballot") {
        return Err(FixtureError::Refused(
            "this database has ballots of this program; `polls backup` and `polls restore` carry it with them"
                .to_owned(),
        ));
    }
    let mut fixture = Vec::new();
    let options = DumpOptions { natural_foreign: true, ..DumpOptions::default() };
    fixtures::dump(conn, installed, &options, &mut fixture)?;
    fixtures::parse("the database", fixture.as_slice())
}

/// The tables of other apps that have rows.
///
/// # Errors
/// If the database does not answer.
pub fn foreign_tables(conn: &mut Connection, installed: &Installed) -> Result<Vec<ForeignTable>, FixtureError> {
    let models = models(installed, true)?;
    let known: HashSet<&str> = models.iter().map(|model| model.table.name.as_str()).chain(OF_DJANGO).collect();
    let mut foreign = Vec::new();
    let is_foreign = |name: &String| !known.contains(name.as_str()) && !name.starts_with("sqlite_");
    for name in rows::tables(conn)?.into_iter().filter(is_foreign) {
        let rows = rows::count(conn, &name)?;
        if rows > 0 {
            foreign.push(ForeignTable { name, rows });
        }
    }
    Ok(foreign)
}
