//! `polls purge`: deletes what has expired, and old entries of the history; to be run by a timer.

use std::process::ExitCode;

use chrono::TimeDelta;

use super::{Context, Failure, connect};
use crate::app::features;
use crate::clock;
use crate::db::Create;
use crate::ops::purge::purge;

/// Delete what has expired: sessions, failed logins, keys of forms, deleted polls that can no longer be restored
///
/// It also deletes entries of the admin's history, if --older-than or the setting `history_days` says how old they must be.
/// They cannot be brought back: make a backup before. Ballots of polls that are there are never deleted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:
  polls purge --older-than 365")]
pub struct PurgeArguments {
    /// Delete entries of the history that are older than so many days [default: history_days]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    older_than: Option<u32>,
}

pub fn run(context: &Context, arguments: &PurgeArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let mut conn = connect(&settings.database.url, Create::Never)?;
    let now = clock::now();
    let days = arguments.older_than.or(settings.admin.history_days);
    let before = days.map(|days| now - TimeDelta::days(days.into()));
    purge(&mut conn, &features::expired(), now, before, |what, count| println!("{count} {what} deleted."))?;
    Ok(ExitCode::SUCCESS)
}
