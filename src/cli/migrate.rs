//! `polls migrate` and `polls showmigrations`.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::auth::permissions;
use crate::db::migrate;
use crate::db::{Connection, Create};
use crate::settings::Settings;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Change nothing; fail if a migration is missing
    #[arg(long)]
    check: bool,
}

pub fn run(context: &Context, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    if arguments.check {
        let missing = migrate::missing(&mut open(&settings, Create::Never)?)?;
        for name in &missing {
            println!("{name} is missing");
        }
        return Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let mut conn = open(&settings, Create::IfMissing)?;
    let report = migrate::run(&mut conn)?;
    permissions::create(&mut conn)?;
    for name in &report.adopted {
        println!("{name}: adopted, Django has made it");
    }
    for name in &report.applied {
        println!("{name}: applied");
    }
    if report.applied.is_empty() {
        println!("No migrations to apply.");
    }
    Ok(ExitCode::SUCCESS)
}

pub fn show(context: &Context) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    for state in migrate::list(&mut open(&settings, Create::Never)?)? {
        println!("[{}] {}", if state.applied { 'X' } else { ' ' }, state.name);
    }
    Ok(ExitCode::SUCCESS)
}

fn open(settings: &Settings, create: Create) -> Result<Connection, Failure> {
    let url = &settings.database.url;
    Connection::open(url, create).map_err(|error| format!("cannot open {url}: {error}").into())
}
