//! Dates and times as the visitor writes them, in the site's time zone.

use chrono::{Datelike, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Tz;
use fluent_bundle::FluentArgs;

use super::{Catalogue, Language};

/// A date and time through the message `date-time`, in the style of Django's `DATETIME_FORMAT`.
pub fn date_time(catalogue: &Catalogue, language: Language, zone: Tz, utc: NaiveDateTime) -> String {
    let local = zone.from_utc_datetime(&utc);
    let (afternoon, hour) = local.hour12();
    let mut args = FluentArgs::new();
    args.set("year", local.year().to_string());
    args.set("month", local.month().to_string());
    args.set("day", local.day().to_string());
    args.set("hour", hour.to_string());
    args.set("minute", format!("{:02}", local.minute()));
    args.set("half", if afternoon { "pm" } else { "am" });
    catalogue.text(language, "date-time", Some(&args))
}

/// The same time for machines: RFC 3339, in UTC, to the second.
pub fn iso(utc: NaiveDateTime) -> String {
    utc.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
