//! Fields: one column of a list, one input of a form. What can be done with a field follows from its kind.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use diesel::QueryResult;
use serde_json::{Value as Json, json};

pub use super::sentence::FieldError;
use super::sentence::Sentence;
use crate::clock;
use crate::db::Connection;
use crate::web::Reader;

/// A column of a list or an input of a form.
pub struct Field<R: 'static> {
    /// Also the form key and the error key.
    pub name: &'static str,
    /// A message.
    pub label: &'static str,
    /// A message.
    pub help: Option<&'static str>,
    /// What a browser may fill in, by HTML's name for it.
    pub autocomplete: Option<&'static str>,
    pub kind: Kind,
    /// Django's app and name of the model that a relation chooses among.
    pub related: Option<(&'static str, &'static str)>,
    pub required: bool,
    pub get: fn(&R) -> Value,
    /// None: read-only, whatever is posted.
    pub set: Option<fn(&mut R, Value)>,
    /// Gives a deleted object that comes back the value of a read-only field.
    pub restore: Option<fn(&mut R, Value)>,
}

/// What a field holds. Templates match on this and on nothing else.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Text {
        max_length: usize,
    },
    Url {
        max_length: usize,
    },
    Email {
        max_length: usize,
    },
    /// What is typed is taken as it is, and never shown, kept or compared.
    Password,
    Paragraph,
    Integer,
    Boolean,
    DateTime,
    /// One of these values; with their messages.
    Choice(Choices),
    /// The way to a page of the field's own, for who may change it.
    Link,
    /// One of these, by id.
    ForeignKey(Options),
    /// Any of these, by id.
    Many(Options),
}

/// The objects that a relation may point at, with their names for a reader.
pub type Options = fn(&mut Connection, Option<&Reader>) -> QueryResult<Vec<(i64, String)>>;

/// Options that are read once, however many inputs offer them.
#[derive(Default)]
pub struct OptionCache {
    known: HashMap<usize, Vec<(i64, String)>>,
    /// None where the ids alone matter.
    reader: Option<Reader>,
}

impl OptionCache {
    pub fn read_by(reader: Reader) -> Self {
        Self { reader: Some(reader), ..Self::default() }
    }

    /// The options of a field of this kind.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn get(&mut self, conn: &mut Connection, kind: Kind) -> QueryResult<&[(i64, String)]> {
        let Some(read) = kind.options() else {
            return Ok(&[]);
        };
        Ok(match self.known.entry(read as usize) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(read(conn, self.reader.as_ref())?),
        })
    }

    /// A value whose objects are among the options, with their names; None if one is not.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn check(&mut self, conn: &mut Connection, kind: Kind, value: Value) -> QueryResult<Option<Value>> {
        let options = self.get(conn, kind)?;
        let find = |id: i64| options.iter().find(|(known, _)| *known == id);
        Ok(match value {
            Value::Related(id, _) => find(id).map(|(id, name)| Value::Related(*id, name.clone())),
            Value::Many(ids) => ids.iter().all(|id| find(*id).is_some()).then_some(Value::Many(ids)),
            other => Some(other),
        })
    }
}

/// Values that are always the same, and their messages.
pub type Choices = &'static [(&'static str, &'static str)];

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Empty,
    Text(String),
    Integer(i64),
    Boolean(bool),
    /// UTC.
    DateTime(NaiveDateTime),
    /// One of a field's choices, and its message.
    Choice(&'static str, &'static str),
    /// A text as it is kept, and what it says.
    Said(String, Vec<Sentence>),
    /// A message, and the path it leads to.
    Link(&'static str, String),
    /// An object by id, and its name.
    Related(i64, String),
    /// Objects by id, in ascending order.
    Many(Vec<i64>),
}

impl<R> Field<R> {
    /// A field that a form cannot change.
    pub const fn shown(name: &'static str, label: &'static str, kind: Kind, get: fn(&R) -> Value) -> Self {
        Self {
            name,
            label,
            help: None,
            autocomplete: None,
            kind,
            related: None,
            required: false,
            get,
            set: None,
            restore: None,
        }
    }

    /// What no form can change, and yet comes back with a deleted object.
    #[must_use]
    pub const fn restored(self, restore: fn(&mut R, Value)) -> Self {
        Self { restore: Some(restore), ..self }
    }

    /// A field that a form can change, and must have a value.
    pub const fn editable(
        name: &'static str,
        label: &'static str,
        kind: Kind,
        get: fn(&R) -> Value,
        set: fn(&mut R, Value),
    ) -> Self {
        Self { required: true, set: Some(set), ..Self::shown(name, label, kind, get) }
    }

    #[must_use]
    pub const fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    #[must_use]
    pub const fn autocomplete(self, name: &'static str) -> Self {
        Self { autocomplete: Some(name), ..self }
    }

    /// The registered model that a relation chooses among, so that the form can lead there.
    #[must_use]
    pub const fn of(self, app: &'static str, model: &'static str) -> Self {
        Self { related: Some((app, model)), ..self }
    }

    #[must_use]
    pub const fn help(self, message: &'static str) -> Self {
        Self { help: Some(message), ..self }
    }
}

impl Kind {
    /// The names under which a form posts a field of this kind, as Django's widgets do.
    pub fn keys(self, name: &str) -> Vec<String> {
        match self {
            Self::DateTime => vec![format!("{name}_0"), format!("{name}_1")],
            _ => vec![name.to_owned()],
        }
    }

    /// What was typed, read as a value.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(self, raw: &[String], required: bool, zone: Tz) -> Result<Value, FieldError> {
        let first = raw.first().map(|text| text.trim()).unwrap_or_default();
        let missing = FieldError::new("admin-error-required");
        match self {
            Self::Boolean => {
                return Ok(Value::Boolean(!raw.is_empty() && !matches!(first, "" | "0" | "false" | "False")));
            }
            Self::Many(_) => {
                let ids: Result<BTreeSet<i64>, _> = raw.iter().map(|text| text.parse()).collect();
                let ids = ids.map_err(|_| FieldError::new("admin-error-choice"))?;
                return if required && ids.is_empty() {
                    Err(missing)
                } else {
                    Ok(Value::Many(ids.into_iter().collect()))
                };
            }
            Self::Password => {
                let typed = raw.first().cloned().unwrap_or_default();
                return if required && typed.is_empty() { Err(missing) } else { Ok(Value::Text(typed)) };
            }
            Self::DateTime => return parse_date_time(raw, required, zone),
            _ => {}
        }
        if first.is_empty() {
            return if required { Err(missing) } else { Ok(Value::Empty) };
        }
        match self {
            Self::Text { max_length } | Self::Email { max_length } | Self::Url { max_length } => {
                let length = first.chars().count();
                if length > max_length {
                    return Err(FieldError::with_count("admin-error-too-long", max_length));
                }
                if first.contains('\0') {
                    return Err(FieldError::new("admin-error-null"));
                }
                self.check_form(first)?;
                Ok(Value::Text(first.to_owned()))
            }
            Self::Paragraph => Ok(Value::Text(first.to_owned())),
            Self::Integer => first.parse().map(Value::Integer).map_err(|_| FieldError::new("admin-error-integer")),
            Self::ForeignKey(_) => first
                .parse()
                .map(|id| Value::Related(id, String::new()))
                .map_err(|_| FieldError::new("admin-error-choice")),
            Self::Choice(choices) => Value::choice(choices, first).ok_or_else(|| FieldError::new("admin-error-choice")),
            Self::Boolean | Self::Many(_) | Self::DateTime | Self::Password | Self::Link => Err(missing),
        }
    }

    fn check_form(self, text: &str) -> Result<(), FieldError> {
        match self {
            Self::Url { .. } if !is_web_address(text) => Err(FieldError::new("admin-error-url")),
            Self::Email { .. } if !is_email(text) => Err(FieldError::new("admin-error-email")),
            _ => Ok(()),
        }
    }

    /// Whether a value of this kind is one to keep, compare and export.
    pub fn is_data(self) -> bool {
        !matches!(self, Self::Password | Self::Link)
    }

    pub fn options(self) -> Option<Options> {
        match self {
            Self::ForeignKey(options) | Self::Many(options) => Some(options),
            _ => None,
        }
    }
}

impl Value {
    /// The value as the inputs of its kind hold it: a moment to the second.
    pub fn raw(&self, zone: Tz) -> Vec<String> {
        match self {
            Self::Empty => Vec::new(),
            Self::Text(text) => vec![text.clone()],
            Self::Integer(number) => vec![number.to_string()],
            Self::Boolean(true) => vec!["on".to_owned()],
            Self::Boolean(false) => Vec::new(),
            Self::DateTime(utc) => {
                let local = zone.from_utc_datetime(utc).naive_local();
                vec![local.format("%Y-%m-%d").to_string(), local.format("%H:%M:%S").to_string()]
            }
            Self::Choice(value, _) => vec![(*value).to_owned()],
            Self::Said(..) | Self::Link(..) => Vec::new(),
            Self::Related(id, _) => vec![id.to_string()],
            Self::Many(ids) => ids.iter().map(ToString::to_string).collect(),
        }
    }

    /// For the history, the undo and the export.
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

    /// The value that [`Value::json`] wrote for a field of this kind.
    pub fn of_json(kind: Kind, json: &Json) -> Self {
        match (kind, json) {
            (Kind::DateTime, Json::String(text)) => {
                NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.fZ").map_or(Self::Empty, Self::DateTime)
            }
            (Kind::Choice(choices), Json::String(text)) => Self::choice(choices, text).unwrap_or(Self::Empty),
            (_, Json::String(text)) => Self::Text(text.clone()),
            (_, Json::Bool(yes)) => Self::Boolean(*yes),
            (Kind::ForeignKey(_), Json::Number(id)) => Self::Related(id.as_i64().unwrap_or_default(), String::new()),
            (_, Json::Number(number)) => Self::Integer(number.as_i64().unwrap_or_default()),
            (_, Json::Array(ids)) => Self::Many(ids.iter().filter_map(Json::as_i64).collect()),
            _ => Self::Empty,
        }
    }

    /// One of some choices, if it is one.
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

/// The formats are Django's `DATE_INPUT_FORMATS` and `TIME_INPUT_FORMATS` of the ISO kind.
fn parse_date_time(raw: &[String], required: bool, zone: Tz) -> Result<Value, FieldError> {
    let part = |index: usize| raw.get(index).map(|text| text.trim()).unwrap_or_default();
    if part(0).is_empty() && part(1).is_empty() {
        return if required { Err(FieldError::new("admin-error-required")) } else { Ok(Value::Empty) };
    }
    let date = NaiveDate::parse_from_str(part(0), "%Y-%m-%d").ok();
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(part(1), format).ok());
    let (date, time) = match (date, time) {
        (Some(date), Some(time)) => (date, time),
        (Some(_), None) => return Err(FieldError::new("admin-error-time")),
        (None, Some(_)) => return Err(FieldError::new("admin-error-date")),
        (None, None) => return Err(FieldError::new("admin-error-date-time")),
    };
    // A time that the clocks skip or show twice is not one moment.
    let utc =
        zone.from_local_datetime(&date.and_time(time)).single().ok_or(FieldError::new("admin-error-no-such-time"))?;
    // The years that all three databases can hold.
    if !(1000..=9999).contains(&utc.year()) {
        return Err(FieldError::new("admin-error-date"));
    }
    Ok(Value::DateTime(clock::storable(utc.naive_utc())))
}

/// http and https with a host, as Django's `URLValidator` narrowed to what may be linked.
fn is_web_address(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https"))
        && !host.is_empty()
        && !host.starts_with('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"\\^`{|}".contains(c))
}

fn is_email(text: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"".contains(c))
    };
    match text.rsplit_once('@') {
        Some((local, domain)) => {
            plain(local) && plain(domain) && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEOUL: Tz = chrono_tz::Asia::Seoul;

    fn raw(parts: &[&str]) -> Vec<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
    }

    #[test]
    fn a_date_and_time_is_entered_in_the_sites_zone() {
        let value = Kind::DateTime.parse(&raw(&["2026-03-01", "09:30"]), true, SEOUL).unwrap();
        assert_eq!(value.json(), json!("2026-03-01T00:30:00Z"));
        assert_eq!(value.raw(SEOUL), ["2026-03-01", "09:30:00"]);
        for wrong in
            [["2026-02-30", "09:30"], ["tomorrow", "09:30"], ["2026-03-01", "25:00"], ["2026-03-01", ""], ["", "09:00"]]
        {
            assert!(Kind::DateTime.parse(&raw(&wrong), true, SEOUL).is_err(), "{wrong:?}");
        }
        let skipped = Kind::DateTime.parse(&raw(&["2026-03-29", "02:30"]), true, chrono_tz::Europe::Berlin);
        assert_eq!(skipped, Err(FieldError::new("admin-error-no-such-time")));
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        let kind = Kind::Text { max_length: 3 };
        assert_eq!(kind.parse(&raw(&[" 한국어 "]), true, SEOUL), Ok(Value::Text("한국어".into())));
        assert_eq!(
            kind.parse(&raw(&["한국어요"]), true, SEOUL),
            Err(FieldError::with_count("admin-error-too-long", 3))
        );
        assert_eq!(kind.parse(&raw(&["  "]), true, SEOUL), Err(FieldError::new("admin-error-required")));
        assert_eq!(kind.parse(&[], false, SEOUL), Ok(Value::Empty));
    }

    #[test]
    fn only_addresses_of_web_pages_are_urls() {
        let kind = Kind::Url { max_length: 200 };
        for right in ["https://example.com", "http://localhost:8000/a?b#c", "https://한국.example/길"] {
            assert!(kind.parse(&raw(&[right]), true, SEOUL).is_ok(), "{right}");
        }
        for wrong in [
            "javascript:alert(1)",
            "data:text/html,x",
            "example.com",
            "ftp://example.com",
            "https://",
            "https://a b",
            "http://\"onclick",
        ] {
            assert!(kind.parse(&raw(&[wrong]), true, SEOUL).is_err(), "{wrong}");
        }
    }
}
