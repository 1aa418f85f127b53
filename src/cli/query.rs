//! `polls query`: reads the database by SQL.

use std::io::{BufWriter, ErrorKind, Write, stdout};
use std::process::ExitCode;

use serde::ser::{SerializeMap as _, Serializer as _};
use serde_json::Value;
use unicode_width::UnicodeWidthStr as _;

use super::{Context, Failure, connect};
use crate::db::{self, Create, TextRow};

/// Read the database by one SQL query; what would write is refused
///
/// Values are texts, as the database writes them; times are in UTC.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls query 'SELECT question_text, sum(votes) FROM polls_question q JOIN polls_choice c ON c.question_id = q.id GROUP BY q.id, question_text'
  polls query --format csv 'SELECT id, choice_text, votes FROM polls_choice' > choices.csv

Exit codes: 0 the rows were printed; 1 the database refused the query.")]
pub struct QueryArguments {
    /// A query such as SELECT
    sql: String,
    #[arg(long, value_enum, default_value_t = QueryFormat::Table)]
    format: QueryFormat,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum QueryFormat {
    Table,
    Csv,
    /// An array of objects
    Json,
}

pub fn run(context: &Context, arguments: &QueryArguments) -> Result<ExitCode, Failure> {
    let mut conn = connect(&context.settings()?.database.url, Create::Never)?;
    let sql = arguments.sql.trim().trim_end_matches(';');
    if sql.is_empty() {
        return Err("the query was refused: it is empty".into());
    }
    let rows = db::read_only(&mut conn, sql).map_err(|error| format!("the query was refused: {error}"))?;
    let mut out = BufWriter::new(stdout().lock());
    let written = match arguments.format {
        QueryFormat::Table => table(&rows, &mut out),
        QueryFormat::Csv => csv(&rows, &mut out),
        QueryFormat::Json => json(&rows, &mut out),
    };
    match written.and_then(|()| out.flush()) {
        // What reads the output, such as `head`, has enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        written => written.map(|()| ExitCode::SUCCESS).map_err(Into::into),
    }
}

/// Columns side by side, each as wide as its widest value (a Korean letter takes two places), and the number of rows.
fn table(rows: &[TextRow], out: &mut impl Write) -> std::io::Result<()> {
    let names: Vec<&str> =
        rows.first().map(|row| row.0.iter().map(|(name, _)| name.as_str()).collect()).unwrap_or_default();
    let lines: Vec<Vec<String>> =
        rows.iter().map(|row| row.0.iter().map(|(_, value)| one_line(value.as_deref())).collect()).collect();
    let width = |column: usize| {
        let values = lines.iter().filter_map(|line| line.get(column)).map(|value| value.width());
        values.chain([names[column].width()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..names.len()).map(width).collect();
    let mut line = |cells: Vec<&str>| {
        let padded: Vec<_> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell}{:1$}", "", width - cell.width())).collect();
        writeln!(out, "{}", padded.join("  ").trim_end())
    };
    if !names.is_empty() {
        line(names.clone())?;
        let rules: Vec<_> = widths.iter().map(|width| "-".repeat(*width)).collect();
        line(rules.iter().map(String::as_str).collect())?;
    }
    for cells in &lines {
        line(cells.iter().map(String::as_str).collect())?;
    }
    let s = if rows.len() == 1 { "" } else { "s" };
    writeln!(out, "({} row{s})", rows.len())
}

/// A value in one line of a table; NULL is nothing.
fn one_line(value: Option<&str>) -> String {
    value.unwrap_or_default().chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

fn csv(rows: &[TextRow], out: &mut impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    if let Some(row) = rows.first() {
        writer.write_record(row.0.iter().map(|(name, _)| name))?;
    }
    for row in rows {
        writer.write_record(row.0.iter().map(|(_, value)| value.as_deref().unwrap_or_default()))?;
    }
    writer.flush()
}

fn json(rows: &[TextRow], out: &mut impl Write) -> std::io::Result<()> {
    let mut serializer = serde_json::Serializer::pretty(&mut *out);
    serializer.collect_seq(rows.iter().map(JsonRow))?;
    writeln!(out)
}

/// A row as an object, with the columns in their order.
struct JsonRow<'a>(&'a TextRow);

impl serde::Serialize for JsonRow<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.0.len()))?;
        for (name, value) in &self.0.0 {
            map.serialize_entry(name, &value.clone().map_or(Value::Null, Value::String))?;
        }
        map.end()
    }
}
