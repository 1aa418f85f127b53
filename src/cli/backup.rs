//! `polls backup`: the whole database in one file.

use std::path::PathBuf;
use std::process::ExitCode;

use super::progress::ProgressLine;
use super::{Context, Failure, connect, note};
use crate::db::{Chore, Create};
use crate::ops::backup::{self, Summary};

/// The exit code for a backup that is complete but contains totals that do not match their ballots.
pub const DOES_NOT_FIT: u8 = 3;

/// Write the whole database into one file, from which any of the three databases can be restored
///
/// It may run while people vote: the file contains the state of the whole database at one moment. The file is read once
/// more and recounted before it gets its name, and replaces a file of that name only then. Only its owner can read it.
/// It contains polls with every ballot, bookmarks, users with their passwords, groups, permissions and the log of the
/// admin. It does not contain sessions (unless asked for), failed logins, and tables that other programs have made in
/// the database.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls backup /var/backups/polls.$(date +%F).gz
  polls backup --check /var/backups/polls.2026-11-30.gz

Exit codes: 0 the backup is whole and every total in it fits; 1 there is no whole backup, the reason is on standard
error; 3 the backup is whole, and totals in it do not fit their ballots, as `polls recount` says of the database.")]
pub struct BackupArguments {
    /// The file of the backup
    file: PathBuf,
    /// Write nothing: read the file and report whether it is complete
    #[arg(long)]
    check: bool,
    /// Include the sessions, so that users stay logged in after a restore with the same secret_key
    #[arg(long, conflicts_with = "check")]
    with_sessions: bool,
}

pub fn run(context: &Context, arguments: &BackupArguments) -> Result<ExitCode, Failure> {
    if arguments.check {
        let summary = backup::check(&arguments.file)?;
        println!(
            "{} is whole: made {} UTC from {}.",
            arguments.file.display(),
            summary.head.made_at,
            summary.head.database
        );
        return Ok(told(&summary));
    }
    let settings = context.settings()?;
    let url = settings.database.url;
    let mut conn = connect(&url, Create::Never)?;
    let mut progress = ProgressLine::new();
    let summary = backup::save(&mut conn, &url.to_string(), &arguments.file, arguments.with_sessions, |table, rows| {
        progress.show(table, rows);
    });
    progress.end();
    let summary = summary?;
    println!("{} is written, and was read once more.", arguments.file.display());
    note(&mut conn, Chore::Backup);
    Ok(told(&summary))
}

/// Prints what is in a backup, and returns the exit code.
pub fn told(summary: &Summary) -> ExitCode {
    for (table, rows) in summary.tables() {
        println!("  {table:<28}{rows:>12}");
    }
    for count in &summary.wrong {
        println!(
            "Choice {} of question {} has the total {}, expected {}.",
            count.choice,
            count.question,
            count.votes,
            count.expected()
        );
    }
    if summary.elsewhere > 0 {
        println!("{} votes were counted elsewhere, by Django.", summary.elsewhere);
    }
    if summary.left_behind > 0 {
        println!("{} ballots name a choice that is not there.", summary.left_behind);
    }
    if summary.fits() {
        println!("{} choices, {} ballots: every total fits.", summary.choices, summary.ballots);
        return ExitCode::SUCCESS;
    }
    println!("{} of {} totals do not fit; see `polls recount --help`.", summary.wrong.len(), summary.choices);
    ExitCode::from(DOES_NOT_FIT)
}
