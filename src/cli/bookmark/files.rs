//! `polls bookmark import` and `export`.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;

use super::NOT_ALL_READ;
use super::listing::line;
use crate::bookmark::exchange::{ExchangeFormat, ImportNote, ImportRules, export, import};
use crate::cli::Failure;
use crate::db::Connection;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum FormatArgument {
    Netscape,
    Csv,
    Json,
}

impl From<FormatArgument> for ExchangeFormat {
    fn from(format: FormatArgument) -> Self {
        match format {
            FormatArgument::Netscape => Self::Netscape,
            FormatArgument::Csv => Self::Csv,
            FormatArgument::Json => Self::Json,
        }
    }
}

pub fn import_file(
    conn: &mut Connection,
    path: &Path,
    format: Option<FormatArgument>,
    rules: ImportRules,
) -> Result<ExitCode, Failure> {
    let mut file: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| format!("cannot open {}: {error}", path.display()))?;
        Box::new(BufReader::with_capacity(1 << 16, file))
    };
    if matches!(file.fill_buf()?, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return Err("the file is in UTF-16; convert it first: iconv -f UTF-16 -t UTF-8".into());
    }
    let format = match format {
        Some(format) => format.into(),
        None => ExchangeFormat::guess(file.fill_buf()?),
    };
    let summary = import(conn, file, format, rules, &mut |number, note| eprintln!("line {number}: {}", told(note)))?;
    let verb = if rules.dry_run { "Would add" } else { "Added" };
    println!(
        "{verb} {} bookmarks. Of those that were there already, {} got something new and {} did not. Refused: {}.",
        summary.added, summary.merged, summary.unchanged, summary.refused
    );
    Ok(if summary.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL_READ) })
}

fn told(note: ImportNote) -> String {
    match note {
        ImportNote::Refused(reason) => format!("refused: {}", line(&reason)),
        ImportNote::Shortened(losses) => format!("left out: {}", losses.join(", ")),
        ImportNote::Known(0, _) => "the address is in the file already".to_owned(),
        ImportNote::Known(id, filled) if filled.is_empty() => format!("is bookmark {id} already"),
        ImportNote::Known(id, filled) => format!("is bookmark {id} already, which gets: {}", filled.join(", ")),
    }
}

pub fn export_file(conn: &mut Connection, path: Option<&Path>, format: FormatArgument) -> Result<ExitCode, Failure> {
    let format = format.into();
    let Some(path) = path else {
        export(conn, format, &mut BufWriter::new(stdout().lock()))?;
        return Ok(ExitCode::SUCCESS);
    };
    let file = File::create(path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    let count = export(conn, format, &mut BufWriter::new(file))?;
    println!("{} has {count} bookmarks.", path.display());
    Ok(ExitCode::SUCCESS)
}
