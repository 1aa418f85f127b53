//! `polls sqlmigrate`: prints the SQL of a migration.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::db::migrate;

/// Print the SQL of a migration, for the database that the settings name
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  polls sqlmigrate 0008_ballot")]
pub struct SqlmigrateArguments {
    /// The migration: its whole name, or the number that it begins with
    migration: String,
}

pub fn run(context: &Context, arguments: &SqlmigrateArguments) -> Result<ExitCode, Failure> {
    let url = context.settings()?.database.url;
    let sql = migrate::sql(&url, &arguments.migration)
        .ok_or_else(|| format!("there is no migration {}; `polls showmigrations` lists them", arguments.migration))?;
    print!("{sql}");
    Ok(ExitCode::SUCCESS)
}
