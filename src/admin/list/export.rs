//! Exports of a list, with its filters, as CSV or JSON. The file is made in parts while it is sent, so that the memory
//! it takes does not grow with its length, apart from the ids (8 bytes an object).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::web::{Bytes, Data};
use diesel::QueryResult;
use futures_util::stream;
use serde_json::{Map, Value as Json};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::admin::list::query::ListQuery;
use crate::admin::pages::request::ModelRequest;
use crate::admin::registry::field::Value;
use crate::admin::registry::registered::{Record, RegisteredModel};
use crate::db::{Connection, Database, ReadTurn};
use crate::web::{Error, Result};

/// How many objects one part of the file has.
const OBJECTS_PER_READ: usize = 500;
/// How many exports may run at once in this process. Each keeps the ids of all its objects in memory.
const EXPORTS_AT_ONCE: usize = 2;

static PLACES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(EXPORTS_AT_ONCE)));

/// The export as a file that is sent while it is made.
///
/// # Errors
/// `Unavailable` if `EXPORTS_AT_ONCE` exports are running, or the database's error.
pub async fn answer(request: &ModelRequest, db: Data<Database>, query: ListQuery, csv: bool) -> Result<HttpResponse> {
    let place = Arc::clone(&PLACES).try_acquire_owned();
    let place = place.map_err(|_| Error::Unavailable("as many exports as may be are under way".into()))?;
    let model = request.model;
    let asked = query.clone();
    let ids =
        db.read_in_turn(ReadTurn::User(request.admin.staff.viewer.id), move |conn| model.ids(conn, &asked)).await?;
    let (format, extension, media) = if csv {
        (ExportFormat::Csv, "csv", "text/csv; charset=utf-8")
    } else {
        (ExportFormat::Json, "json", "application/json")
    };
    let export =
        Export { model, db, query, format, ids, sent: 0, is_empty: true, phase: ExportPhase::Head, _place: place };
    let disposition = format!("attachment; filename=\"{}.{extension}\"", request.meta().model);
    let parts = stream::try_unfold(export, Export::next);
    Ok(HttpResponse::Ok().insert_header((CONTENT_DISPOSITION, disposition)).content_type(media).streaming(parts))
}

#[derive(Clone, Copy)]
enum ExportFormat {
    Csv,
    Json,
}

enum ExportPhase {
    Head,
    Rows,
    End,
}

/// An export that is running.
struct Export {
    model: &'static dyn RegisteredModel,
    db: Data<Database>,
    /// Also gives the order of the objects within a part.
    query: ListQuery,
    format: ExportFormat,
    ids: Vec<i64>,
    /// How many of the ids were read so far.
    sent: usize,
    /// Whether no object was written so far.
    is_empty: bool,
    phase: ExportPhase,
    _place: OwnedSemaphorePermit,
}

impl Export {
    /// The next part of the file. It is never empty, because an empty part would end the answer. No database connection
    /// is held between two parts, so a slow client occupies none. After an error the connection is closed without the
    /// end of the answer, so that the client does not take the file for complete.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        loop {
            let bytes = match self.phase {
                ExportPhase::Head => {
                    self.phase = ExportPhase::Rows;
                    self.head()?
                }
                ExportPhase::Rows if self.sent < self.ids.len() => self.part().await?,
                ExportPhase::Rows => {
                    self.phase = ExportPhase::End;
                    self.end()
                }
                ExportPhase::End => return Ok(None),
            };
            if !bytes.is_empty() {
                return Ok(Some((bytes.into(), self)));
            }
        }
    }

    fn head(&self) -> Result<Vec<u8>> {
        match self.format {
            ExportFormat::Json => Ok(b"[".to_vec()),
            ExportFormat::Csv => {
                // The byte order mark: without it, spreadsheets do not read the file as UTF-8 and show Korean text
                // wrongly.
                let names = std::iter::once("id").chain(names(self.model)).map(str::to_owned).collect();
                to_csv("\u{feff}", std::iter::once(names))
            }
        }
    }

    fn end(&self) -> Vec<u8> {
        match self.format {
            ExportFormat::Csv => Vec::new(),
            ExportFormat::Json if self.is_empty => b"]".to_vec(),
            ExportFormat::Json => b"\n]".to_vec(),
        }
    }

    async fn part(&mut self) -> Result<Vec<u8>> {
        let model = self.model;
        let is_first = self.is_empty;
        let format = self.format;
        let end = self.ids.len().min(self.sent + OBJECTS_PER_READ);
        let ids = self.ids[self.sent..end].to_vec();
        self.sent = end;
        let now = self.query.now;
        let zone = self.query.zone.clone();
        // Formatted on the database's thread, because the worker thread has other requests to answer.
        let bytes = self
            .db
            .read_aside(move |conn| {
                let records = read(
                    conn,
                    model,
                    ListQuery { ids: Some(ids.clone()), now, zone: zone.clone(), ..ListQuery::default() },
                )?;
                Ok(match format {
                    ExportFormat::Csv => to_csv("", records.iter().map(cells)),
                    ExportFormat::Json => Ok(to_json(model, &records, is_first)),
                })
            })
            .await??;
        self.is_empty &= bytes.is_empty();
        Ok(bytes)
    }
}

/// The objects of the query's ids, in the order of the ids, without those that were deleted since.
fn read(conn: &mut Connection, model: &dyn RegisteredModel, query: ListQuery) -> QueryResult<Vec<Record>> {
    let mut records = model.records(conn, &query)?;
    let places: HashMap<i64, usize> = query.ids.into_iter().flatten().zip(0..).collect();
    records.sort_by_key(|record| record.pk.and_then(|pk| places.get(&pk)).copied());
    let is_data: Vec<bool> = model.fields().iter().map(|field| field.kind.is_data()).collect();
    for record in &mut records {
        let mut is_data = is_data.iter();
        record.values.retain(|_| is_data.next().is_some_and(|is_data| *is_data));
    }
    Ok(records)
}

fn names(model: &dyn RegisteredModel) -> impl Iterator<Item = &'static str> {
    model.fields().into_iter().filter(|field| field.kind.is_data()).map(|field| field.name)
}

fn to_csv(begin: &str, rows: impl Iterator<Item = Vec<String>>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(begin.as_bytes().to_vec());
    for row in rows {
        writer.write_record(row).map_err(|error| Error::Internal(error.into()))?;
    }
    writer.into_inner().map_err(|error| Error::Internal(error.to_string().into()))
}

fn cells(record: &Record) -> Vec<String> {
    let id = record.pk.map(|pk| pk.to_string()).unwrap_or_default();
    std::iter::once(id).chain(record.values.iter().map(cell)).collect()
}

/// The characters with which a formula begins in spreadsheets, also in full width (OWASP, "CSV Injection").
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// The characters that some spreadsheet takes for the end of a cell. Excel uses the separator of the country's
/// settings; if that is not a comma, it does not recognise the quotes, so a line break inside a quoted cell ends the
/// cell, too.
const SEPARATORS: [char; 6] = [';', ',', '\t', '|', '\r', '\n'];

/// The text of a cell, made safe so that no spreadsheet reads a formula in it, whatever separator it uses. Numbers are
/// written as they are.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Related(_, name) => name.clone(),
        other => match other.json() {
            Json::Null => String::new(),
            Json::String(text) => text,
            other => return other.to_string(),
        },
    };
    safe_cell(text)
}

/// A text as [`cell`] writes it.
pub fn safe_cell(text: String) -> String {
    if text.contains(FORMULA) { without_formulas(&text) } else { text }
}

/// Puts an apostrophe before each formula that would begin a cell, that is at the beginning of the text and after a
/// separator; spreadsheets then read it as text. White space and quotes before the formula are skipped, as some
/// programs skip them. A plain number after a separator stays as it is: the coordinates in the address of a map, for
/// example, are not a formula.
fn without_formulas(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    if text.starts_with(FORMULA) {
        safe.push('\'');
    }
    let mut may_begin = !text.starts_with(FORMULA);
    for (at, letter) in text.char_indices() {
        if SEPARATORS.contains(&letter) {
            may_begin = true;
        } else if may_begin && !letter.is_whitespace() && letter != '"' {
            if FORMULA.contains(&letter) && (safe.trim_start().is_empty() || !is_number(&text[at..])) {
                safe.push('\'');
            }
            may_begin = false;
        }
        safe.push(letter);
    }
    safe
}

/// Whether the text up to the next separator is a number.
fn is_number(text: &str) -> bool {
    let cell = text.split(SEPARATORS).next().unwrap_or_default();
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    digits.starts_with(|digit: char| digit.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Objects as elements of a JSON array, each with the comma and line break that come before it.
fn to_json(model: &dyn RegisteredModel, records: &[Record], is_first: bool) -> Vec<u8> {
    let names: Vec<&str> = names(model).collect();
    let mut text = String::new();
    for (index, record) in records.iter().enumerate() {
        let fields = names.iter().zip(&record.values).map(|(name, value)| ((*name).to_owned(), value.json()));
        let id = ("id".to_owned(), record.pk.map_or(Json::Null, Json::from));
        let object = Json::Object(std::iter::once(id).chain(fields).collect::<Map<_, _>>());
        text.push_str(if is_first && index == 0 { "\n  " } else { ",\n  " });
        // The line breaks are those of the layout: a text in JSON contains none.
        text.push_str(&format!("{object:#}").replace('\n', "\n  "));
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1+1"] {
            assert!(cell(&Value::Text(text.to_owned())).starts_with('\''), "{text}");
        }
        for (text, safe) in [
            ("x;=1+1", "x;'=1+1"),
            ("x,=1+1", "x,'=1+1"),
            ("x\t@SUM(A1)", "x\t'@SUM(A1)"),
            ("x|-1+1", "x|'-1+1"),
            ("x\n+1+1", "x\n'+1+1"),
            ("x\r\n＝1+1", "x\r\n'＝1+1"),
            ("x; \"=1+1", "x; \"'=1+1"),
            ("x;;=1;=2", "x;;'=1;'=2"),
            (" =1+1", " '=1+1"),
            ("\"=1+1\"", "\"'=1+1\""),
            ("=1;=2", "'=1;'=2"),
            // A text that is no formula stays as it was typed.
            ("a-b; c=d, e+f", "a-b; c=d, e+f"),
            ("https://maps.example/@37.5,-127.0,15z?a=1", "https://maps.example/@37.5,-127.0,15z?a=1"),
            ("x,-127.0+1", "x,'-127.0+1"),
        ] {
            assert_eq!(cell(&Value::Text(text.to_owned())), safe, "{text:?}");
        }
        assert_eq!(cell(&Value::Integer(-1)), "-1");
        assert_eq!(cell(&Value::Text("1 = 1".to_owned())), "1 = 1");
        assert_eq!(cell(&Value::Empty), "");
    }
}
