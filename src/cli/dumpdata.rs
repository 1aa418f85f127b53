//! `polls dumpdata`: writes a fixture, as Django's command of that name.

use std::fs::OpenOptions;
use std::io::{BufWriter, Write, stdout};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::app::features;
use crate::db::Create;
use crate::ops::fixtures::{self, DumpOptions};

/// Write questions, choices, bookmarks, users and so on as a fixture that Django's `loaddata` reads
///
/// The fixture has the tables and columns that Django knows. It has the totals of choices, but no ballots; `polls
/// backup` has everything.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls dumpdata --natural-foreign --exclude auth.permission --exclude contenttypes --output site.json
  polls dumpdata polls bookmark.bookmark --indent 2")]
pub struct DumpdataArguments {
    /// Apps (polls) and models (polls.question) [default: all]
    #[arg(value_name = "APP[.MODEL]")]
    labels: Vec<String>,
    /// Leave out an app or a model; may be given several times
    #[arg(short, long, value_name = "APP[.MODEL]")]
    exclude: Vec<String>,
    /// Name content types, permissions, groups and users by their natural keys where others refer to them
    #[arg(long)]
    natural_foreign: bool,
    /// Leave out the primary keys of objects that have natural keys
    #[arg(long)]
    natural_primary: bool,
    /// Write also the columns and tables that Django does not have: Django cannot load that, `polls loaddata` can
    #[arg(long)]
    all_columns: bool,
    /// Indent by so many spaces
    #[arg(long, value_name = "SPACES", value_parser = clap::value_parser!(u8).range(0..=16))]
    indent: Option<u8>,
    /// Write to a file, which only its owner can read [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(context: &Context, arguments: DumpdataArguments) -> Result<ExitCode, Failure> {
    let mut conn = connect(&context.settings()?.database.url, Create::Never)?;
    let options = DumpOptions {
        labels: arguments.labels,
        exclude: arguments.exclude,
        natural_foreign: arguments.natural_foreign,
        natural_primary: arguments.natural_primary,
        all_columns: arguments.all_columns,
        indent: arguments.indent.map(usize::from),
    };
    let installed = features::installed();
    let Some(path) = arguments.output else {
        let mut out = BufWriter::new(stdout().lock());
        fixtures::dump(&mut conn, &installed, &options, &mut out)?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    };
    // With mode 0600, because it may contain password hashes.
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
    let mut out = BufWriter::new(file.map_err(|error| format!("{}: {error}", path.display()))?);
    let objects = fixtures::dump(&mut conn, &installed, &options, &mut out)?;
    out.flush().map_err(|error| format!("{}: {error}", path.display()))?;
    println!("{objects} objects written to {}.", path.display());
    Ok(ExitCode::SUCCESS)
}
