//! `polls restore`: writes a backup into an empty database.

use std::path::PathBuf;
use std::process::ExitCode;

use super::progress::ProgressLine;
use super::{Context, Failure, backup, connect};
use crate::app::features;
use crate::db::Create;
use crate::ops;

/// Restore a backup into an empty database of any of the three kinds
///
/// The tables are created if they do not exist. All rows are read back and compared with the file before they are
/// committed. Use this also to move from one kind of database to another, with every ballot.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example, from SQLite to PostgreSQL (end the program first, so that nobody votes meanwhile):
  polls backup polls.gz
  POLLS_DATABASE_URL=postgres://polls:password@localhost/polls polls restore polls.gz

Exit codes: 0 everything is there and every total fits; 1 nothing was changed, the reason is on standard error;
3 everything is there, and totals do not fit their ballots, as they did not before.")]
pub struct RestoreArguments {
    /// The file that `polls backup` has written
    file: PathBuf,
}

pub fn run(context: &Context, arguments: &RestoreArguments) -> Result<ExitCode, Failure> {
    let url = context.settings()?.database.url;
    let mut conn = connect(&url, Create::IfMissing)?;
    let mut progress = ProgressLine::new();
    let summary = ops::backup::restore(&mut conn, &arguments.file, &features::installed(), |table, rows| {
        progress.show(table, rows);
    });
    progress.end();
    let summary = summary?;
    println!("{} is restored into {url}, and was read back.", arguments.file.display());
    Ok(backup::told(&summary))
}
