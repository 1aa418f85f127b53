//! `polls loaddata`: loads fixtures, as Django's command of that name.

use std::fs::File;
use std::io::{BufReader, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::app::features;
use crate::db::{Create, migrate};
use crate::ops::fixtures::{self, LoadOptions};

/// Load fixtures that Django's `dumpdata` or `polls dumpdata` has written
///
/// An object whose primary key exists is changed, others are added; all files together are loaded, or nothing. The
/// log of the admin does not show it. A choice that has ballots here keeps its votes: a fixture that says otherwise is
/// refused.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls loaddata site.json
  python manage.py dumpdata | polls loaddata -")]
pub struct LoaddataArguments {
    /// The files; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Leave out models and fields that do not exist here
    #[arg(short, long = "ignorenonexistent", alias = "ignore-nonexistent")]
    ignore_nonexistent: bool,
}

pub fn run(context: &Context, arguments: &LoaddataArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let mut conn = connect(&settings.database.url, Create::Never)?;
    if let Some(name) = migrate::missing(&mut conn)?.first() {
        return Err(format!("the migration {name} is missing; run `polls migrate` first").into());
    }
    let mut objects = Vec::new();
    for file in &arguments.files {
        objects.extend(if file == Path::new("-") {
            fixtures::parse("standard input", stdin().lock())?
        } else {
            let opened = File::open(file).map_err(|error| format!("{}: {error}", file.display()))?;
            fixtures::parse(&file.display().to_string(), BufReader::new(opened))?
        });
    }
    let options =
        LoadOptions { ignore_nonexistent: arguments.ignore_nonexistent, dry_run: false, zone: settings.site.time_zone };
    let counts = fixtures::load(&mut conn, &features::installed(), objects, &options)?;
    for (label, number) in &counts {
        println!("{label}: {number}");
    }
    let files = arguments.files.len();
    println!("Installed {} object(s) from {files} fixture(s).", counts.values().sum::<usize>());
    Ok(ExitCode::SUCCESS)
}
