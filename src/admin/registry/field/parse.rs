//! Reads typed texts as values.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use super::{FieldError, FieldKind, Value};
use crate::clock::{self, TimeZone};
use crate::text::{is_blank, nfc};
use crate::web::http::forms::Form;
use crate::web::http::validators::{is_email, web_address};

impl FieldKind {
    /// The texts that were posted for a field of this kind under this key.
    pub fn posted(self, form: &Form, key: &str) -> Vec<String> {
        match self {
            Self::Many(_) => form.all(key).map(str::to_owned).collect(),
            Self::Boolean => form.get(key).map(str::to_owned).into_iter().collect(),
            kind => kind.keys(key).iter().map(|key| form.get(key).unwrap_or_default().to_owned()).collect(),
        }
    }

    /// Reads typed texts as a value of this kind.
    ///
    /// # Errors
    /// The error to show at the input, if the texts are not a valid value.
    pub fn parse(self, raw: &[String], required: bool, zone: &TimeZone) -> Result<Value, FieldError> {
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
        if matches!(self, Self::Text { .. } | Self::Paragraph) && is_blank(first) {
            return if required { Err(FieldError::new("admin-error-invisible")) } else { Ok(Value::Empty) };
        }
        match self {
            Self::Text { max_length } | Self::Email { max_length } | Self::Url { max_length } => {
                let text = self.checked(first)?;
                if text.chars().count() > max_length {
                    return Err(FieldError::with_count("admin-error-too-long", max_length));
                }
                if first.contains('\0') {
                    return Err(FieldError::new("admin-error-null"));
                }
                Ok(Value::Text(text))
            }
            Self::Paragraph => Ok(Value::Text(nfc(first))),
            Self::Integer => first.parse().map(Value::Integer).map_err(|_| FieldError::new("admin-error-integer")),
            Self::ForeignKey(_) | Self::Searched(_) => first
                .parse()
                .map(|id| Value::Related(id, String::new()))
                .map_err(|_| FieldError::new("admin-error-choice")),
            Self::Choice(choices) => Value::choice(choices, first).ok_or_else(|| FieldError::new("admin-error-choice")),
            Self::Boolean | Self::Many(_) | Self::DateTime | Self::Password | Self::State | Self::Link => Err(missing),
        }
    }

    /// The text in the form in which it is stored.
    fn checked(self, text: &str) -> Result<String, FieldError> {
        match self {
            Self::Url { .. } => web_address(text).ok_or(FieldError::new("admin-error-url")),
            Self::Email { .. } if !is_email(text) => Err(FieldError::new("admin-error-email")),
            Self::Email { .. } => Ok(text.to_owned()),
            _ => Ok(nfc(text)),
        }
    }
}

/// The formats are the ISO ones of Django's `DATE_INPUT_FORMATS` and `TIME_INPUT_FORMATS`.
fn parse_date_time(raw: &[String], required: bool, zone: &TimeZone) -> Result<Value, FieldError> {
    let part = |index: usize| raw.get(index).map(|text| text.trim()).unwrap_or_default();
    if part(0).is_empty() && part(1).is_empty() {
        return if required { Err(FieldError::new("admin-error-required")) } else { Ok(Value::Empty) };
    }
    let date = NaiveDate::parse_from_str(part(0), "%Y-%m-%d").ok();
    let time = ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|format| NaiveTime::parse_from_str(part(1), format).ok());
    // chrono reads second 60 as a leap second; Django and the databases do not allow it.
    let time = time.filter(|time| time.nanosecond() < 1_000_000_000);
    let (date, time) = match (date, time) {
        (Some(date), Some(time)) => (date, time),
        (Some(_), None) => return Err(FieldError::new("admin-error-time")),
        (None, Some(_)) => return Err(FieldError::new("admin-error-date")),
        (None, None) => return Err(FieldError::new("admin-error-date-time")),
    };
    // All three databases can store these years.
    let held = |time: NaiveDateTime| {
        (1000..=9999).contains(&time.year()).then_some(time).ok_or(FieldError::new("admin-error-date"))
    };
    // Refused if the clocks skip this time or show it twice, because it is then not one moment.
    let utc = zone.utc(held(date.and_time(time))?).ok_or(FieldError::new("admin-error-no-such-time"))?;
    Ok(Value::DateTime(clock::storable(held(utc)?)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seoul() -> TimeZone {
        "Asia/Seoul".parse().unwrap()
    }

    fn raw(parts: &[&str]) -> Vec<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
    }

    #[test]
    fn a_date_and_time_is_entered_in_the_sites_zone() {
        let value = FieldKind::DateTime.parse(&raw(&["2026-03-01", "09:30"]), true, &seoul()).unwrap();
        assert_eq!(value.json(), json!("2026-03-01T00:30:00Z"));
        assert_eq!(value.raw(&seoul()), ["2026-03-01", "09:30:00"]);
        for wrong in [
            ["2026-02-30", "09:30"],
            ["tomorrow", "09:30"],
            ["2026-03-01", "25:00"],
            ["2026-03-01", "12:34:60"],
            ["2026-03-01", "23:59:60.5"],
            ["2026-03-01", ""],
            ["", "09:00"],
        ] {
            assert!(FieldKind::DateTime.parse(&raw(&wrong), true, &seoul()).is_err(), "{wrong:?}");
        }
        let skipped =
            FieldKind::DateTime.parse(&raw(&["2026-03-29", "02:30"]), true, &"Europe/Berlin".parse().unwrap());
        assert_eq!(skipped, Err(FieldError::new("admin-error-no-such-time")));
    }

    #[test]
    fn a_text_is_counted_in_characters() {
        let kind = FieldKind::Text { max_length: 3 };
        assert_eq!(kind.parse(&raw(&[" 한국어 "]), true, &seoul()), Ok(Value::Text("한국어".into())));
        assert_eq!(
            kind.parse(&raw(&["한국어요"]), true, &seoul()),
            Err(FieldError::with_count("admin-error-too-long", 3))
        );
        assert_eq!(kind.parse(&raw(&["  "]), true, &seoul()), Err(FieldError::new("admin-error-required")));
        assert_eq!(kind.parse(&[], false, &seoul()), Ok(Value::Empty));
        let decomposed = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}\u{110b}\u{1165}";
        assert_eq!(kind.parse(&raw(&[decomposed]), true, &seoul()), Ok(Value::Text("한국어".into())));
    }

    #[test]
    fn a_text_that_shows_nothing_is_none() {
        let kind = FieldKind::Text { max_length: 3 };
        for text in ["\u{200b}", "\u{3164}", " \u{ad} "] {
            let refused = kind.parse(&raw(&[text]), true, &seoul());
            assert_eq!(refused, Err(FieldError::new("admin-error-invisible")), "{}", text.escape_unicode());
            assert_eq!(kind.parse(&raw(&[text]), false, &seoul()), Ok(Value::Empty));
        }
    }

    #[test]
    fn only_addresses_of_web_pages_are_urls() {
        let kind = FieldKind::Url { max_length: 200 };
        for right in ["https://example.com", "http://localhost:8000/a?b#c", "https://한국.example/길"] {
            assert!(kind.parse(&raw(&[right]), true, &seoul()).is_ok(), "{right}");
        }
        let bare = kind.parse(&raw(&["example.com/abc"]), true, &seoul());
        assert_eq!(bare, Ok(Value::Text("https://example.com/abc".into())));
        for wrong in [
            "javascript:alert(1)",
            "data:text/html,x",
            "http://a..b/",
            "http://x:99999/",
            "http://[::1/",
            "ftp://example.com",
            "https://",
            "https://a b",
            "http://\"onclick",
        ] {
            assert!(kind.parse(&raw(&[wrong]), true, &seoul()).is_err(), "{wrong}");
        }
    }
}
