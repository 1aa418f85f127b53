//! Migrations. They are compiled into the program, have the same names for every database, and are applied only when a
//! command asks for it.

mod adopt;

use diesel::migration::{CREATE_MIGRATIONS_TABLE, Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};
use rust_embed::RustEmbed;

pub use adopt::django_columns;

use super::dialect::{migrating, tables};
use super::schema::__diesel_schema_migrations;
use super::{Connection, sharing};
use crate::settings::DatabaseUrl;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
#[cfg(feature = "mysql")]
const MYSQL: EmbeddedMigrations = embed_migrations!("migrations/mysql");

/// The same files as texts.
#[derive(RustEmbed)]
#[folder = "migrations/"]
struct MigrationFiles;

/// The table in which Diesel records the applied migrations.
pub(super) const APPLIED_TABLE: &str = "__diesel_schema_migrations";

/// A migration and whether this database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    pub name: String,
    pub applied: bool,
}

/// The result of [`run`].
#[derive(Debug, Default)]
pub struct MigrationReport {
    /// Whether the database had no tables before.
    pub was_empty: bool,
    /// Migrations that were recorded as applied because Django had made their tables.
    pub adopted: Vec<String>,
    pub applied: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// The database has tables that differ from Django's. Nothing was changed.
    #[error("this database cannot be adopted, and nothing was changed: {0}")]
    Foreign(String),
    #[error("migration {name} failed: {message}")]
    Failed { name: String, message: String },
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// All migrations in order. Only reads, also if no migration was ever applied.
///
/// # Errors
/// If the database does not answer.
pub fn list(conn: &mut Connection) -> QueryResult<Vec<MigrationState>> {
    let applied = applied(conn)?;
    Ok(names()
        .into_iter()
        .map(|name| MigrationState { applied: applied.iter().any(|version| *version == version_of(&name)), name })
        .collect())
}

/// The names of migrations that this database lacks.
///
/// # Errors
/// If the database does not answer.
pub fn missing(conn: &mut Connection) -> QueryResult<Vec<String>> {
    Ok(list(conn)?.into_iter().filter(|state| !state.applied).map(|state| state.name).collect())
}

/// Adopts the tables that Django has made, and applies the missing migrations.
///
/// # Errors
/// [`MigrationError::Foreign`] for tables that differ from Django's; [`MigrationError::Failed`] if a migration fails.
/// On SQLite and PostgreSQL nothing is changed then; on MySQL and MariaDB the migration can be run again.
pub fn run(conn: &mut Connection) -> Result<MigrationReport, MigrationError> {
    migrating(conn, |conn| {
        let present = tables(conn)?;
        let mut report = MigrationReport { was_empty: present.is_empty(), ..MigrationReport::default() };
        if !present.iter().any(|table| table == APPLIED_TABLE) {
            report.adopted = adopt::adoptable(conn, &present)?;
            diesel::sql_query(CREATE_MIGRATIONS_TABLE).execute(conn)?;
            record(conn, &report.adopted)?;
        }
        for name in missing(conn)? {
            apply(conn, &name)?;
            report.applied.push(name);
        }
        if !report.adopted.is_empty() {
            sharing::note_adoption(conn)?;
        }
        Ok(report)
    })
}

/// The SQL of a migration for a kind of database. `migration` is its name, or the number that this begins with; None if
/// there is no such migration.
pub fn sql(url: &DatabaseUrl, migration: &str) -> Option<String> {
    let directory = match url {
        DatabaseUrl::Sqlite(_) => "sqlite",
        DatabaseUrl::Postgres(_) => "postgres",
        DatabaseUrl::Mysql(_) => "mysql",
    };
    let name = names().into_iter().find(|name| name == migration || version_of(name) == migration)?;
    let file = MigrationFiles::get(&format!("{directory}/{name}/up.sql"))?;
    Some(String::from_utf8_lossy(&file.data).into_owned())
}

fn applied(conn: &mut Connection) -> QueryResult<Vec<String>> {
    if !tables(conn)?.iter().any(|table| table == APPLIED_TABLE) {
        return Ok(Vec::new());
    }
    __diesel_schema_migrations::table.select(__diesel_schema_migrations::version).load(conn)
}

/// Records migrations as applied whose tables Django has made.
fn record(conn: &mut Connection, names: &[String]) -> QueryResult<()> {
    for name in names {
        diesel::insert_into(__diesel_schema_migrations::table)
            .values(__diesel_schema_migrations::version.eq(version_of(name)))
            .execute(conn)?;
    }
    Ok(())
}

fn apply(conn: &mut Connection, name: &str) -> Result<(), MigrationError> {
    let done = match conn {
        Connection::Sqlite(conn) => {
            find(&SQLITE, name).and_then(|migration| conn.run_migration(&migration).map(|_| ()))
        }
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => {
            find(&POSTGRES, name).and_then(|migration| conn.run_migration(&migration).map(|_| ()))
        }
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => find(&MYSQL, name).and_then(|migration| conn.run_migration(&migration).map(|_| ())),
    };
    done.map_err(|error| MigrationError::Failed { name: name.to_owned(), message: error.to_string() })
}

fn find<DB: diesel::backend::Backend>(
    set: &EmbeddedMigrations,
    name: &str,
) -> diesel::migration::Result<Box<dyn Migration<DB>>> {
    MigrationSource::<DB>::migrations(set)?
        .into_iter()
        .find(|migration| migration.name().to_string() == name)
        .ok_or_else(|| "it is not compiled in".into())
}

/// The names are the same for all three databases, which `data::migrations` tests.
fn names() -> Vec<String> {
    let migrations = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).unwrap_or_default();
    let mut names: Vec<_> = migrations.iter().map(|migration| migration.name().to_string()).collect();
    names.sort();
    names
}

fn version_of(name: &str) -> String {
    name.split('_').next().unwrap_or(name).to_owned()
}
