//! Dates and times in the visitor's language and the site's time zone.

use chrono::{Datelike, NaiveDateTime, TimeDelta, Timelike};
use fluent_bundle::FluentArgs;

use super::{Catalogue, Language};
use crate::clock::TimeZone;

/// A date and time by the message `date-time` of the catalogue, in the style of Django's `DATETIME_FORMAT`.
pub fn date_time(catalogue: &Catalogue, language: Language, zone: &TimeZone, utc: NaiveDateTime) -> String {
    by_message("date-time", catalogue, language, zone, utc)
}

/// The same with a shorter month, for a column of a list.
pub fn date_time_short(catalogue: &Catalogue, language: Language, zone: &TimeZone, utc: NaiveDateTime) -> String {
    by_message("date-time-short", catalogue, language, zone, utc)
}

fn by_message(message: &str, catalogue: &Catalogue, language: Language, zone: &TimeZone, utc: NaiveDateTime) -> String {
    let local = zone.local(utc);
    let (afternoon, hour) = local.hour12();
    let mut args = FluentArgs::new();
    args.set("year", local.year().to_string());
    // As a number, because the catalogue selects the month's name by it.
    args.set("month", local.month());
    args.set("day", local.day().to_string());
    args.set("hour", hour.to_string());
    args.set("minute", format!("{:02}", local.minute()));
    args.set("half", if afternoon { "pm" } else { "am" });
    catalogue.text(language, message, Some(&args))
}

/// A time to come, by how far away it is, in the largest unit of which there are two or more: "in 3 h".
pub fn until(catalogue: &Catalogue, language: Language, distance: TimeDelta) -> String {
    // Rounded up, so that a whole hour is not 59 minutes a moment later.
    let minutes = (distance.num_seconds() + 59) / 60;
    let (message, count) = match minutes {
        ..2 => ("time-soon", 0),
        2..120 => ("time-in-minutes", minutes),
        120..2880 => ("time-in-hours", (minutes + 30) / 60),
        2880.. => ("time-in-days", (minutes + 720) / 1440),
    };
    let mut args = FluentArgs::new();
    args.set("count", count);
    catalogue.text(language, message, Some(&args))
}

/// A time for programs to read: RFC 3339, in UTC, to the second.
pub fn iso(utc: NaiveDateTime) -> String {
    utc.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_in_the_visitors_language_and_the_sites_zone() {
        let catalogue = Catalogue::new(&[crate::web::LOCALE]);
        let text = |language, time: &str| {
            let utc = NaiveDateTime::parse_from_str(time, "%F %T").unwrap();
            date_time(&catalogue, language, &"Asia/Seoul".parse().unwrap(), utc)
        };
        assert_eq!(text(Language::English, "2026-02-28 15:05:00"), "March 1, 2026, 12:05 a.m.");
        assert_eq!(text(Language::English, "2026-11-22 03:30:00"), "November 22, 2026, 12:30 p.m.");
        assert_eq!(text(Language::Korean, "2026-11-22 00:07:00"), "2026년 11월 22일 오전 9:07");
        assert_eq!(text(Language::Korean, "1999-12-31 14:59:59"), "1999년 12월 31일 오후 11:59");
        let short = |language| {
            let utc = NaiveDateTime::parse_from_str("2026-11-22 03:30:00", "%F %T").unwrap();
            date_time_short(&catalogue, language, &"Asia/Seoul".parse().unwrap(), utc)
        };
        assert_eq!(short(Language::English), "Nov. 22, 2026, 12:30 p.m.");
        assert_eq!(short(Language::Korean), "2026년 11월 22일 오후 12:30");
    }

    #[test]
    fn a_time_to_come_is_told_in_its_largest_unit() {
        let catalogue = Catalogue::new(&[crate::web::LOCALE]);
        for (minutes, english, korean) in [
            (0, "in about a minute", "곧"),
            (2, "in 2 min", "2분 후"),
            (119, "in 119 min", "119분 후"),
            (179, "in 3 h", "3시간 후"),
            (47 * 60, "in 47 h", "47시간 후"),
            (60 * 24 * 7 - 1, "in 7 days", "7일 후"),
        ] {
            let until = |language| until(&catalogue, language, TimeDelta::minutes(minutes));
            assert_eq!((until(Language::English).as_str(), until(Language::Korean).as_str()), (english, korean));
        }
    }
}
