//! Conditions on dates in a list's query: those of the date hierarchy, and those of Django's lookups.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use diesel::expression::SqlLiteral;
use diesel::sql_types::Bool;

use crate::admin::registry::sentence::{Sentence, SentencePart};
use crate::clock::TimeZone;
use crate::db::moment;

/// A condition on a date field. Times are in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateBound {
    From(NaiveDateTime),
    Before(NaiveDateTime),
    /// Whether the field is NULL (true) or is not (false).
    Empty(bool),
}

/// Django's lookups on date fields: the part of a key after `__`, as in `pub_date__gte`.
pub(super) const LOOKUPS: [&str; 7] = ["gte", "gt", "lte", "lt", "exact", "date", "isnull"];

impl DateBound {
    /// The condition in SQL.
    pub fn on<C: diesel::Column>(self, _column: C) -> SqlLiteral<Bool> {
        match self {
            Self::From(utc) => moment::compare::<C>(">=", utc),
            Self::Before(utc) => moment::compare::<C>("<", utc),
            Self::Empty(empty) => moment::is_null::<C>(empty),
        }
    }

    /// The conditions of one of [`LOOKUPS`] with this value; None if the value is not valid.
    pub(super) fn read(lookup: &str, value: &str, zone: &TimeZone) -> Option<Vec<Self>> {
        // The databases store whole microseconds, so this is the next possible time.
        let after = |utc: NaiveDateTime| utc + TimeDelta::microseconds(1);
        if lookup == "isnull" {
            // Django's admin takes an empty text, "false" and "0" for false and everything else for true.
            return Some(vec![Self::Empty(!matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "false"))]);
        }
        let bounds = if lookup == "date" {
            let date = parse_date(value)?;
            vec![Self::From(midnight(zone, date)), Self::Before(midnight(zone, date.succ_opt()?))]
        } else {
            let utc = parse_moment(value, zone)?;
            match lookup {
                "gte" => vec![Self::From(utc)],
                "gt" => vec![Self::From(after(utc))],
                "lt" => vec![Self::Before(utc)],
                "lte" => vec![Self::Before(after(utc))],
                _ => vec![Self::From(utc), Self::Before(after(utc))],
            }
        };
        bounds.iter().all(|bound| bound.can_be_compared()).then_some(bounds)
    }

    /// Whether all three databases compare the time in the same way. In UTC a time of the first or last year may have
    /// the year 0, which PostgreSQL refuses, or 10000, which sorts before 9999 where times are stored as texts.
    fn can_be_compared(self) -> bool {
        match self {
            Self::From(utc) | Self::Before(utc) => (1..=9999).contains(&utc.year()),
            Self::Empty(_) => true,
        }
    }
}

fn parse_date(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|date| (1..=9999).contains(&date.year()))
}

/// Reads a date, or a date and time with or without an offset from UTC, and returns it in UTC. Without an offset the
/// time is in `zone`; a date without a time is the first moment of that day.
fn parse_moment(text: &str, zone: &TimeZone) -> Option<NaiveDateTime> {
    if let Some(date) = parse_date(text) {
        return Some(midnight(zone, date));
    }
    let text = text.replacen('T', " ", 1).replace('Z', "+00:00");
    let aware = ["%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%d %H:%M%:z"];
    let naive = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
    let aware = aware.iter().find_map(|format| DateTime::parse_from_str(&text, format).ok());
    let naive = || naive.iter().find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
    let utc = aware.map(|aware| aware.with_timezone(&Utc).naive_utc()).or_else(|| Some(zone.earliest_utc(naive()?)))?;
    (1..=9999).contains(&utc.year()).then_some(utc)
}

/// A year, month or day of the date hierarchy; in charts also an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatePart {
    pub year: i32,
    pub month: Option<u32>,
    pub day: Option<u32>,
    /// From 0 to 23.
    pub hour: Option<u32>,
}

impl DatePart {
    /// The same as two conditions on a field.
    pub fn bounds(&self, field: &'static str, zone: &TimeZone) -> Option<[(&'static str, DateBound); 2]> {
        let (from, until) = self.span(zone)?;
        Some([(field, DateBound::From(from)), (field, DateBound::Before(until))])
    }

    /// Its first moment, and the first moment after it, in UTC.
    pub fn span(&self, zone: &TimeZone) -> Option<(NaiveDateTime, NaiveDateTime)> {
        if !(1000..9999).contains(&self.year) {
            return None;
        }
        let from = NaiveDate::from_ymd_opt(
            self.year,
            self.month.unwrap_or(1),
            self.day.filter(|_| self.month.is_some()).unwrap_or(1),
        )?;
        if let Some(hour) = self.hour {
            let begins = from.and_hms_opt(hour, 0, 0)?;
            return Some((zone.earliest_utc(begins), zone.earliest_utc(begins + TimeDelta::hours(1))));
        }
        let until = match (self.month, self.day) {
            (None, _) => from.checked_add_months(Months::new(12))?,
            (Some(_), None) => from.checked_add_months(Months::new(1))?,
            (Some(_), Some(_)) => from.checked_add_days(Days::new(1))?,
        };
        Some((midnight(zone, from), midnight(zone, until)))
    }

    /// Its name for people, with the year.
    pub fn label(self) -> Sentence {
        let message = match (self.month, self.day) {
            _ if self.hour.is_some() => "date-time",
            (Some(_), Some(_)) => "date",
            (Some(_), None) => "date-month",
            (None, _) => "admin-date-year",
        };
        self.sentence(message)
    }

    /// Its name where the page names the year already: a day is without its year.
    pub fn within_month(self) -> Sentence {
        if self.day.is_some() { self.sentence("date-day") } else { self.label() }
    }

    fn sentence(self, message: &'static str) -> Sentence {
        let hour = self.hour.unwrap_or_default();
        // Passed as texts, because numbers would be written with a thousands separator. The catalogue chooses the
        // month's name by its number.
        Sentence::new(message)
            .with("hour", SentencePart::Text(((hour + 11) % 12 + 1).to_string()))
            .with("minute", SentencePart::Text("00".to_owned()))
            .with("half", SentencePart::Text(if hour < 12 { "am" } else { "pm" }.to_owned()))
            .with("year", SentencePart::Text(self.year.to_string()))
            .with("month", SentencePart::Number(i64::from(self.month.unwrap_or_default())))
            .with("day", SentencePart::Text(self.day.unwrap_or_default().to_string()))
    }

    pub fn of(date: NaiveDate) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()), hour: None }
    }

    /// The hour of a time in the zone.
    pub fn of_hour(time: NaiveDateTime) -> Self {
        Self { hour: Some(time.hour()), ..Self::of(time.date()) }
    }
}

/// The first moment of a day in a zone, in UTC. Where the clocks skip midnight, the day begins later by the skipped
/// time.
pub fn midnight(zone: &TimeZone, date: NaiveDate) -> NaiveDateTime {
    zone.earliest_utc(date.and_hms_opt(0, 0, 0).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_zones_day() {
        let zone = "Asia/Seoul".parse().unwrap();
        let (from, until) = DatePart { year: 2026, month: Some(3), day: Some(1), hour: None }.span(&zone).unwrap();
        assert_eq!(
            (from.to_string(), until.to_string()),
            ("2026-02-28 15:00:00".to_owned(), "2026-03-01 15:00:00".to_owned())
        );
        assert!(DatePart { year: 2026, month: Some(13), day: None, hour: None }.span(&zone).is_none());
    }

    #[test]
    fn a_moment_is_written_as_django_and_people_write_it() {
        let read = |text: &str| parse_moment(text, &"Asia/Seoul".parse().unwrap()).map(|utc| utc.to_string());
        for (text, utc) in [
            ("2026-11-22", "2026-11-21 15:00:00"),
            ("2026-11-22 00:00:00", "2026-11-21 15:00:00"),
            ("2026-11-22T00:00", "2026-11-21 15:00:00"),
            ("2026-11-22 00:00:00+09:00", "2026-11-21 15:00:00"),
            ("2026-11-22T00:00:00-0330", "2026-11-22 03:30:00"),
            ("2026-11-22T12:30:15.000007Z", "2026-11-22 12:30:15.000007"),
        ] {
            assert_eq!(read(text).as_deref(), Some(utc), "{text}");
        }
        for wrong in ["", "today", "2026-02-30", "2026-11-22 25:00", "2026-11-22 00:00:00 09:00", "99999-01-01", "1"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_clocks_skip_or_show_twice_is_read_as_django_reads_it() {
        let read = |text| parse_moment(text, &"Europe/Berlin".parse().unwrap()).map(|utc| utc.to_string());
        assert_eq!(read("2026-03-29 02:30:00").as_deref(), Some("2026-03-29 01:30:00"));
        assert_eq!(read("2026-10-25 02:30:00").as_deref(), Some("2026-10-25 00:30:00"));
    }
}
