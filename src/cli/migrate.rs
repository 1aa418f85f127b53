//! `polls migrate` and `polls showmigrations`.

use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::app::features;
use crate::auth::{hashers, permissions};
use crate::db::{self, Connection, Create, migrate};
use crate::settings::DatabaseUrl;

#[derive(Debug, clap::Args)]
pub struct MigrateArguments {
    /// Change nothing; exit with status 1 if a migration is missing
    #[arg(long)]
    check: bool,
    /// Change nothing; list the migrations that would be applied
    #[arg(long)]
    plan: bool,
    /// Accepted as by Django: tables that Django has made are always recorded and never made anew
    #[arg(long)]
    fake_initial: bool,
}

pub fn run(context: &Context, arguments: &MigrateArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    if arguments.plan {
        let planned = migrate::missing(&mut connect(&planned_for(settings.database.url), Create::Never)?)?;
        for name in &planned {
            println!("{name}");
        }
        if planned.is_empty() {
            println!("No migrations to apply.");
        }
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.check {
        let missing = migrate::missing(&mut connect(&settings.database.url, Create::Never)?)?;
        for name in &missing {
            println!("{name} is missing");
        }
        return Ok(if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let mut conn = connect(&settings.database.url, Create::IfMissing)?;
    let report = migrate::run(&mut conn)?;
    permissions::create(&mut conn, &features::installed())?;
    for name in &report.adopted {
        println!("{name}: adopted, Django has made it");
    }
    for name in &report.applied {
        println!("{name}: applied");
    }
    if report.applied.is_empty() {
        println!("No migrations to apply.");
    }
    db::note_sharing(&mut conn, settings.django.shares)?;
    report_passwords(&mut conn)?;
    report_narrow_tables(&mut conn)?;
    Ok(ExitCode::SUCCESS)
}

/// The database that a plan is made for: an empty one in memory, if SQLite's file does not exist yet.
fn planned_for(url: DatabaseUrl) -> DatabaseUrl {
    match url {
        DatabaseUrl::Sqlite(path) if !path.exists() => DatabaseUrl::Sqlite(":memory:".into()),
        url => url,
    }
}

/// Prints the hashers of the stored passwords, if some cannot be verified here or the database is shared with Django:
/// so the administrator knows before anybody tries to log in.
pub(super) fn report_passwords(conn: &mut Connection) -> Result<(), Failure> {
    let found = hashers::found(conn)?;
    let beside_django = hashers::PasswordEncoding::of(conn)? == hashers::PasswordEncoding::Pbkdf2;
    if found.is_empty() || (!beside_django && found.values().all(|(_, is_read)| *is_read)) {
        return Ok(());
    }
    for (algorithm, (count, is_read)) in &found {
        let what = if *is_read { "" } else { ", which is not read here: set them anew with `polls changepassword`" };
        println!("Passwords: {count} by {algorithm}{what}");
    }
    if beside_django {
        println!("New passwords are encoded by pbkdf2_sha256, as Django shares this database (shared_with_django).");
    }
    Ok(())
}

/// Prints how to convert the tables that cannot store every character. They are not converted automatically, since that
/// rewrites whole tables of Django's.
fn report_narrow_tables(conn: &mut Connection) -> Result<(), Failure> {
    let statements = db::narrow_tables(conn)?;
    if !statements.is_empty() {
        println!("Tables that cannot hold every character: emoji are refused in them until you run");
    }
    for statement in statements {
        println!("    {statement}");
    }
    Ok(())
}

pub fn show(context: &Context) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    for state in migrate::list(&mut connect(&settings.database.url, Create::Never)?)? {
        println!("[{}] {}", if state.applied { 'X' } else { ' ' }, state.name);
    }
    Ok(ExitCode::SUCCESS)
}
