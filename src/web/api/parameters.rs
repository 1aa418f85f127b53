//! The parameters of a query string, as the API takes them.

use std::ops::RangeFrom;

use actix_web::HttpRequest;
use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use crate::web::{Ambient, Error, Result};

/// Reads parameters, and notes what is wrong with them until [`Self::finish`]. Of several with one name the last one
/// counts, and those that nobody asks for are ignored.
pub struct ApiParameters<'a> {
    ambient: &'a Ambient,
    given: Vec<(String, String)>,
    wrong: Vec<(String, String)>,
}

impl<'a> ApiParameters<'a> {
    pub fn of(request: &HttpRequest, ambient: &'a Ambient) -> Self {
        let given = form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
        Self { ambient, given, wrong: Vec::new() }
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.given.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.clone())
    }

    /// A text that must be given and not be empty.
    pub fn required_text(&mut self, name: &str) -> String {
        let text = self.text(name).unwrap_or_default();
        if text.is_empty() {
            self.wrong.push((name.to_owned(), self.ambient.text("api-error-required")));
        }
        text
    }

    pub fn integer(&mut self, name: &str, known: RangeFrom<i64>) -> Option<i64> {
        let text = self.text(name)?;
        let number = text.parse().ok().filter(|number| known.contains(number));
        if number.is_none() {
            self.wrong.push((name.to_owned(), self.ambient.text("api-error-integer")));
        }
        number
    }

    /// A time by RFC 3339, in UTC.
    pub fn time(&mut self, name: &str) -> Option<NaiveDateTime> {
        let text = self.text(name)?;
        let time = DateTime::parse_from_rfc3339(&text).ok().map(|time| known(time.naive_utc()));
        if time.is_none() {
            self.wrong.push((name.to_owned(), self.ambient.text("api-error-time")));
        }
        time
    }

    /// The other parameters, for a link to another part of the same list.
    pub fn without(&self, names: &[&str]) -> impl Iterator<Item = &(String, String)> {
        self.given.iter().filter(move |(given, _)| !names.contains(&given.as_str()))
    }

    /// # Errors
    /// `Invalid` if something was wrong.
    pub fn finish(&mut self) -> Result<()> {
        if self.wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(std::mem::take(&mut self.wrong))) }
    }
}

/// The nearest time that all three databases know: of the years 1000 to 9999, and none within a leap second.
fn known(time: NaiveDateTime) -> NaiveDateTime {
    let time = time.with_nanosecond(time.nanosecond() % 1_000_000_000).unwrap_or(time);
    let year = time.year().clamp(1000, 9999);
    let first_day = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    if year == time.year() { time } else { first_day.and_time(NaiveTime::MIN) }
}
