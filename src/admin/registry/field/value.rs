//! The value of a field, with its forms for HTML inputs and for the history (JSON).

use chrono::NaiveDateTime;
use serde_json::{Value as Json, json};

use super::{Choices, FieldKind};
use crate::admin::registry::sentence::Sentence;
use crate::clock::{self, TimeZone};

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Empty,
    Text(String),
    Integer(i64),
    Boolean(bool),
    /// In UTC.
    DateTime(NaiveDateTime),
    /// One of a field's choices, and its message id.
    Choice(&'static str, &'static str),
    /// A text as it is stored, and the sentences that are shown for it.
    Said(String, Vec<Sentence>),
    /// A message id, and the path of the link.
    Link(&'static str, String),
    /// The id and name of an object.
    Related(i64, String),
    /// The ids of objects, in ascending order.
    Many(Vec<i64>),
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<bool> for Value {
    fn from(yes: bool) -> Self {
        Self::Boolean(yes)
    }
}

impl From<NaiveDateTime> for Value {
    fn from(utc: NaiveDateTime) -> Self {
        Self::DateTime(utc)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Value {
    /// The texts in the HTML inputs of a field with this value. Times are given to the second.
    pub fn raw(&self, zone: &TimeZone) -> Vec<String> {
        match self {
            Self::Empty => Vec::new(),
            Self::Text(text) => vec![text.clone()],
            Self::Integer(number) => vec![number.to_string()],
            Self::Boolean(true) => vec!["on".to_owned()],
            Self::Boolean(false) => Vec::new(),
            Self::DateTime(utc) => {
                let local = zone.local(*utc);
                vec![local.format("%Y-%m-%d").to_string(), local.format("%H:%M:%S").to_string()]
            }
            Self::Choice(value, _) => vec![(*value).to_owned()],
            Self::Said(..) | Self::Link(..) => Vec::new(),
            Self::Related(id, _) => vec![id.to_string()],
            Self::Many(ids) => ids.iter().map(ToString::to_string).collect(),
        }
    }

    /// The value as JSON, for the history, the undo and the export.
    pub fn json(&self) -> Json {
        match self {
            Self::Empty => Json::Null,
            Self::Text(text) => json!(text),
            Self::Integer(number) => json!(number),
            Self::Boolean(yes) => json!(yes),
            Self::DateTime(utc) => json!(utc.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()),
            Self::Choice(value, _) => json!(value),
            Self::Said(text, _) => json!(text),
            Self::Link(..) => Json::Null,
            Self::Related(id, _) => json!(id),
            Self::Many(ids) => json!(ids),
        }
    }

    /// Reads what [`Value::json`] wrote for a field of this kind.
    pub fn of_json(kind: FieldKind, json: &Json) -> Self {
        match (kind, json) {
            (FieldKind::DateTime, Json::String(text)) => {
                NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ").map_or(Self::Empty, Self::DateTime)
            }
            (FieldKind::Choice(choices), Json::String(text)) => Self::choice(choices, text).unwrap_or(Self::Empty),
            (_, Json::String(text)) => Self::Text(text.clone()),
            (_, Json::Bool(yes)) => Self::Boolean(*yes),
            (FieldKind::ForeignKey(_) | FieldKind::Searched(_), Json::Number(id)) => {
                Self::Related(id.as_i64().unwrap_or_default(), String::new())
            }
            (_, Json::Number(number)) => Self::Integer(number.as_i64().unwrap_or_default()),
            (_, Json::Array(ids)) => Self::Many(ids.iter().filter_map(Json::as_i64).collect()),
            _ => Self::Empty,
        }
    }

    /// The choice with this value; None if there is none.
    pub fn choice(choices: Choices, value: &str) -> Option<Self> {
        choices.iter().find(|(known, _)| *known == value).map(|(known, message)| Self::Choice(known, message))
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            other => *other == Self::Empty,
        }
    }

    pub fn text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Choice(value, _) => value.to_owned(),
            _ => String::new(),
        }
    }

    pub fn date_time(self) -> Option<NaiveDateTime> {
        match self {
            Self::DateTime(utc) => Some(clock::storable(utc)),
            _ => None,
        }
    }

    pub fn boolean(self) -> bool {
        matches!(self, Self::Boolean(true))
    }

    pub fn related(self) -> i64 {
        match self {
            Self::Related(id, _) => id,
            _ => 0,
        }
    }

    pub fn many(self) -> Vec<i64> {
        match self {
            Self::Many(ids) => ids,
            _ => Vec::new(),
        }
    }
}
