//! Converts values to text and back. All databases can return and accept every value as text.

use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::row::NamedRow;
use diesel::sql_types::{Integer, Nullable, Text};
use serde_json::Value;

use super::shape::CellKind;

/// The columns `c0`, `c1` and so on of a row. The column `n` has their number.
pub(super) struct Cells(pub Vec<Option<String>>);

impl<DB> QueryableByName<DB> for Cells
where
    DB: Backend,
    i32: FromSql<Integer, DB>,
    String: FromSql<Text, DB>,
{
    fn build<'a>(row: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        let number: i32 = NamedRow::get::<Integer, i32>(row, "n")?;
        (0..number)
            .map(|index| NamedRow::get::<Nullable<Text>, Option<String>>(row, &format!("c{index}")))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl CellKind {
    /// A value from the text that a database has returned.
    pub(super) fn value(self, cell: Option<String>) -> Value {
        let Some(text) = cell else { return Value::Null };
        match self {
            // SQLite can store texts and other values in an integer column, too.
            Self::Integer => text.parse::<i64>().map_or(Value::String(text), Value::from),
            Self::Boolean => match text.as_str() {
                "1" | "true" => Value::Bool(true),
                "0" | "false" => Value::Bool(false),
                _ => Value::String(text),
            },
            Self::Moment => Value::String(canonical(&text)),
            Self::Text => Value::String(text),
        }
    }

    /// Whether a value of a backup can be in a column of this kind.
    pub fn fits(self, value: &Value) -> bool {
        match (self, value) {
            (_, Value::Null | Value::String(_)) => true,
            (Self::Integer, Value::Number(number)) => number.is_i64(),
            (Self::Boolean, Value::Bool(_)) => true,
            _ => false,
        }
    }

    /// The text that a database accepts for a value.
    pub(super) fn text(self, value: &Value) -> Option<String> {
        match value {
            Value::Null => None,
            Value::Bool(is_so) => Some(u8::from(*is_so).to_string()),
            // With as many fractional digits as the program itself writes, because SQLite compares times as texts.
            Value::String(text) if self == Self::Moment => Some(
                moment(text).map_or_else(|| text.clone(), |moment| moment.format("%Y-%m-%d %H:%M:%S%.f").to_string()),
            ),
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }
}

/// A time with six fractional digits; a text that is not a time stays as it is.
pub(super) fn canonical(text: &str) -> String {
    moment(text).map_or_else(|| text.to_owned(), |moment| moment.format("%Y-%m-%d %H:%M:%S%.6f").to_string())
}

fn moment(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_the_same_text_from_every_database() {
        for (text, same) in [
            ("2026-11-30 12:00:00", "2026-11-30 12:00:00.000000"),
            ("2026-11-30 12:00:00.5", "2026-11-30 12:00:00.500000"),
            ("2026-11-30T12:00:00.123456", "2026-11-30 12:00:00.123456"),
            ("9999-12-31 23:59:59.999999", "9999-12-31 23:59:59.999999"),
            ("yesterday", "yesterday"),
        ] {
            assert_eq!(canonical(text), same);
        }
        let told = CellKind::Moment.text(&Value::String("2026-11-30 12:00:00.000000".to_owned()));
        assert_eq!(told.as_deref(), Some("2026-11-30 12:00:00"));
    }

    #[test]
    fn a_value_comes_back_as_it_went() {
        for (kind, cell) in [
            (CellKind::Integer, Some("-9223372036854775808")),
            (CellKind::Boolean, Some("1")),
            (CellKind::Text, Some("5")),
            (CellKind::Text, Some("")),
            (CellKind::Integer, None),
        ] {
            let value = kind.value(cell.map(str::to_owned));
            assert!(kind.fits(&value));
            assert_eq!(kind.text(&value).as_deref(), cell);
        }
    }
}
