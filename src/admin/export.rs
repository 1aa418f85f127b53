//! Exports: what a list shows, with its filters, as CSV or JSON.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_DISPOSITION;
use serde_json::{Map, Value as Json};

use super::erased::Record;
use super::field::{Kind, Value};
use super::query::{ListQuery, all_records};
use super::request::ModelRequest;
use crate::db::Database;
use crate::web::{Error, Result};

/// The file as an answer.
///
/// # Errors
/// What the database says.
pub async fn answer(request: &ModelRequest, db: &Database, query: ListQuery, csv: bool) -> Result<HttpResponse> {
    let model = request.model;
    let mut records = db.read_aside(move |conn| all_records(conn, model, &query)).await?;
    let fields = model.fields();
    for record in &mut records {
        let mut kinds = fields.iter().map(|field| field.kind);
        record.values.retain(|_| kinds.next().is_some_and(Kind::is_data));
    }
    let names: Vec<&str> = fields.iter().filter(|field| field.kind.is_data()).map(|field| field.name).collect();
    let (extension, media, body) = if csv {
        ("csv", "text/csv; charset=utf-8", to_csv(&names, &records)?)
    } else {
        ("json", "application/json", to_json(&names, &records))
    };
    let disposition = format!("attachment; filename=\"{}.{extension}\"", request.meta().model);
    Ok(HttpResponse::Ok().insert_header((CONTENT_DISPOSITION, disposition)).content_type(media).body(body))
}

fn to_csv(names: &[&str], records: &[Record]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Internal(error.into());
    // The mark tells spreadsheets that the file is UTF-8; without it Korean arrives as nonsense.
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(std::iter::once("id").chain(names.iter().copied())).map_err(failed)?;
    for record in records {
        let id = record.pk.map(|pk| pk.to_string()).unwrap_or_default();
        let cells = record.values.iter().map(cell);
        writer.write_record(std::iter::once(id).chain(cells)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::Internal(error.to_string().into()))
}

/// What a spreadsheet would run as a formula begins with one of these, in full width too (OWASP, "CSV Injection").
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A text that is no formula; numbers are none.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Related(_, name) => name.clone(),
        other => match other.json() {
            Json::Null => String::new(),
            Json::String(text) => text,
            other => return other.to_string(),
        },
    };
    if text.starts_with(FORMULA) { format!("'{text}") } else { text }
}

fn to_json(names: &[&str], records: &[Record]) -> Vec<u8> {
    let objects: Vec<Json> = records
        .iter()
        .map(|record| {
            let fields = names.iter().zip(&record.values).map(|(name, value)| ((*name).to_owned(), value.json()));
            let id = ("id".to_owned(), record.pk.map_or(Json::Null, Json::from));
            Json::Object(std::iter::once(id).chain(fields).collect::<Map<_, _>>())
        })
        .collect();
    serde_json::to_vec_pretty(&objects).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", "＝1+1"] {
            assert!(cell(&Value::Text(text.to_owned())).starts_with('\''), "{text}");
        }
        assert_eq!(cell(&Value::Integer(-1)), "-1");
        assert_eq!(cell(&Value::Text("1 = 1".to_owned())), "1 = 1");
        assert_eq!(cell(&Value::Empty), "");
    }
}
