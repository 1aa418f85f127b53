//! `polls question export`: the result of a poll, or its ballots without anything that says whose they are.

use std::io::{BufWriter, stdout};
use std::process::ExitCode;

use super::{Desk, Failure};
use crate::admin::list::export::safe_cell;
use crate::polls::export::{self, BallotRow};
use crate::polls::wording::{self, WordingChange};
use crate::web::pages::i18n::iso;

/// Print the choices of a poll and their votes, or its ballots
#[derive(Debug, clap::Args)]
pub struct ExportArguments {
    id: i64,
    /// How to print
    #[arg(long, value_enum, default_value = "csv")]
    format: ExportLayout,
    /// One row for each mark of a ballot. Ballots are numbered in an order that says nothing of their voters or times
    #[arg(long)]
    ballots: bool,
    /// One row for each change of a text after the first vote, with its time in UTC. Without a choice's number it is the
    /// question's
    #[arg(long, conflicts_with = "ballots")]
    wording: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum ExportLayout {
    Csv,
    Json,
}

pub fn run(desk: &mut Desk, arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    desk.label(arguments.id)?;
    let mut sheet = Sheet { out: BufWriter::new(stdout().lock()), layout: arguments.format, rows: 0 };
    if arguments.ballots {
        sheet.head(&["ballot", "choice", "value"])?;
        export::ballots(&mut desk.conn, arguments.id, |BallotRow { ballot, choice, value }| {
            sheet.row(&[("ballot", ballot.into()), ("choice", choice.into()), ("value", value.into())])
        })?;
    } else if arguments.wording {
        sheet.head(&["changed_at", "choice", "old", "new"])?;
        for change in wording::changes(&mut desk.conn, arguments.id)? {
            let WordingChange { choice_id, old_text, new_text, changed_at } = change;
            let (at, choice) = (iso(changed_at), choice_id.map_or_else(|| "".into(), serde_json::Value::from));
            sheet.row(&[
                ("changed_at", at.into()),
                ("choice", choice),
                ("old", old_text.into()),
                ("new", new_text.into()),
            ])?;
        }
    } else {
        sheet.head(&["choice", "text", "votes"])?;
        for (choice, text, votes) in export::choices(&mut desk.conn, arguments.id)? {
            sheet.row(&[("choice", choice.into()), ("text", text.into()), ("votes", votes.into())])?;
        }
    }
    sheet.end()?;
    Ok(ExitCode::SUCCESS)
}

/// Rows as CSV or as a JSON array.
struct Sheet<W: std::io::Write> {
    out: W,
    layout: ExportLayout,
    rows: u64,
}

impl<W: std::io::Write> Sheet<W> {
    fn head(&mut self, names: &[&str]) -> Result<(), Failure> {
        match self.layout {
            ExportLayout::Csv => writeln!(self.out, "{}", names.join(","))?,
            ExportLayout::Json => write!(self.out, "[")?,
        }
        Ok(())
    }

    fn row(&mut self, cells: &[(&str, serde_json::Value)]) -> Result<(), Failure> {
        match self.layout {
            ExportLayout::Csv => {
                let mut csv = csv::Writer::from_writer(&mut self.out);
                csv.write_record(cells.iter().map(|(_, value)| match value {
                    serde_json::Value::String(text) => safe_cell(text.clone()),
                    value => value.to_string(),
                }))?;
                csv.flush()?;
            }
            ExportLayout::Json => {
                let object: serde_json::Map<_, _> =
                    cells.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
                let comma = if self.rows == 0 { "" } else { "," };
                write!(self.out, "{comma}\n{}", serde_json::Value::Object(object))?;
            }
        }
        self.rows += 1;
        Ok(())
    }

    fn end(mut self) -> Result<(), Failure> {
        if matches!(self.layout, ExportLayout::Json) {
            writeln!(self.out, "\n]")?;
        }
        Ok(self.out.flush()?)
    }
}
