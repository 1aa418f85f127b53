//! `polls flush`: empties the database.

use std::io::{IsTerminal as _, Write as _, stdin, stdout};
use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::app::features;
use crate::db::Create;
use crate::ops::flush::flush;

/// Delete every poll, ballot, bookmark, user, group, session and log entry; the tables stay
///
/// What `migrate` writes into empty tables is there again afterwards. It cannot be undone: make a backup before.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  polls backup before.gz && polls flush --noinput")]
pub struct FlushArguments {
    /// Do not ask
    #[arg(long, alias = "no-input")]
    noinput: bool,
}

pub fn run(context: &Context, arguments: &FlushArguments) -> Result<ExitCode, Failure> {
    let url = context.settings()?.database.url;
    let mut conn = connect(&url, Create::Never)?;
    if !arguments.noinput && !is_meant(&url.to_string())? {
        println!("Nothing was deleted.");
        return Ok(ExitCode::FAILURE);
    }
    let rows = flush(&mut conn, &features::installed())?;
    println!("{rows} rows deleted from {url}.");
    Ok(ExitCode::SUCCESS)
}

fn is_meant(database: &str) -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Err("there is nobody to ask; --noinput deletes without a question".into());
    }
    print!("This deletes ALL data in {database}, every ballot included. Type \"yes\" to go on: ");
    stdout().flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}
