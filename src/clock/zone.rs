//! Time zones by the IANA database, which is part of the program.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike as _, FixedOffset, NaiveDateTime, Timelike as _};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, Offset};

/// A time zone of the IANA database; UTC by default.
///
/// jiff stores each zone in the compact form of a system's zone files (a few hundred bytes), so a program that needs
/// one zone does not load all of them when it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone(jiff::tz::TimeZone);

impl TimeZone {
    /// The local time at a time in UTC.
    pub fn local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        let seconds = utc.and_utc().timestamp();
        let end = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
        let offset = self.0.to_offset(Timestamp::from_second(seconds).unwrap_or(end));
        east(offset).and_then(|offset| utc.checked_add_offset(offset)).unwrap_or(utc)
    }

    /// The zone's abbreviation at a time in UTC: `KST`, or `UTC+05:45` if the zone has no abbreviation of letters.
    pub fn abbreviation(&self, utc: NaiveDateTime) -> String {
        let timestamp = Timestamp::from_second(utc.and_utc().timestamp()).unwrap_or(Timestamp::UNIX_EPOCH);
        let info = self.0.to_offset_info(timestamp);
        if info.abbreviation().starts_with(|first: char| first.is_ascii_alphabetic()) {
            return info.abbreviation().to_owned();
        }
        let minutes = info.offset().seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("UTC{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    }

    /// The time in UTC at which the clocks show a local time; None if they skip that time or show it twice.
    pub fn utc(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        match self.offset(local)? {
            AmbiguousOffset::Unambiguous { offset } => local.checked_sub_offset(east(offset)?),
            AmbiguousOffset::Gap { .. } | AmbiguousOffset::Fold { .. } => None,
        }
    }

    /// The time in UTC at which the clocks first show a local time. A time that they skip is moved later by the length
    /// of the gap.
    pub fn earliest_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        let offset = match self.offset(local) {
            Some(AmbiguousOffset::Unambiguous { offset }) => east(offset),
            Some(AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. }) => east(before),
            None => None,
        };
        offset.and_then(|offset| local.checked_sub_offset(offset)).unwrap_or(local)
    }

    /// The offset at a local time; None outside the years -9999 to 9999, which jiff supports.
    fn offset(&self, local: NaiveDateTime) -> Option<AmbiguousOffset> {
        let year = i16::try_from(local.year()).ok()?;
        let part = |part: u32| i8::try_from(part).ok();
        let (month, day) = (part(local.month())?, part(local.day())?);
        let (hour, minute, second) = (part(local.hour())?, part(local.minute())?, part(local.second())?);
        let local = DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
        Some(self.0.to_ambiguous_timestamp(local).offset())
    }
}

fn east(offset: Offset) -> Option<FixedOffset> {
    FixedOffset::east_opt(offset.seconds())
}

/// There is no time zone of this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such time zone")]
pub struct UnknownZone;

impl Default for TimeZone {
    fn default() -> Self {
        Self(jiff::tz::TimeZone::UTC)
    }
}

impl FromStr for TimeZone {
    type Err = UnknownZone;

    fn from_str(name: &str) -> Result<Self, UnknownZone> {
        jiff::tz::TimeZone::get(name).ok().filter(|zone| !zone.is_unknown()).map(Self).ok_or(UnknownZone)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        name.parse().unwrap()
    }

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%F %T%.f").unwrap()
    }

    #[test]
    fn clocks_show_the_time_of_their_place() {
        for (name, utc, local) in [
            ("UTC", "2026-02-28 15:05:00", "2026-02-28 15:05:00"),
            ("Asia/Seoul", "2026-02-28 15:05:00.25", "2026-03-01 00:05:00.25"),
            // In 1988 Korea had summer time.
            ("Asia/Seoul", "1988-07-01 00:00:00", "1988-07-01 10:00:00"),
            ("Europe/Berlin", "2026-07-01 00:00:00", "2026-07-01 02:00:00"),
            // Summer time goes on beyond the table of the years.
            ("Europe/Berlin", "2199-07-01 00:00:00", "2199-07-01 02:00:00"),
            ("America/St_Johns", "2026-11-22 03:30:00", "2026-11-22 00:00:00"),
        ] {
            assert_eq!(zone(name).local(at(utc)), at(local), "{utc} in {name}");
            assert_eq!(zone(name).utc(at(local)), Some(at(utc)), "{local} in {name}");
        }
    }

    #[test]
    fn what_clocks_skip_or_show_twice_is_no_one_moment() {
        for (name, local, utc) in [
            ("Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29 01:30:00"),
            ("Europe/Berlin", "2026-10-25 02:30:00", "2026-10-25 00:30:00"),
            // Skips half an hour, and a whole day.
            ("Australia/Lord_Howe", "2026-10-04 02:15:00", "2026-10-03 15:45:00"),
            ("Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 22:00:00"),
        ] {
            assert_eq!(zone(name).utc(at(local)), None, "{local} in {name}");
            assert_eq!(zone(name).earliest_utc(at(local)), at(utc), "{local} in {name}");
        }
    }

    #[test]
    fn a_zone_says_what_it_is_called_at_a_time() {
        for (name, utc, called) in [
            ("UTC", "2026-02-28 15:05:00", "UTC"),
            ("Asia/Seoul", "2026-02-28 15:05:00", "KST"),
            ("Europe/Berlin", "2026-07-01 00:00:00", "CEST"),
            ("Europe/Berlin", "2026-12-01 00:00:00", "CET"),
            ("Asia/Kathmandu", "2026-12-01 00:00:00", "UTC+05:45"),
            ("America/Sao_Paulo", "2026-12-01 00:00:00", "UTC-03:00"),
        ] {
            assert_eq!(zone(name).abbreviation(at(utc)), called, "{name}");
        }
    }

    #[test]
    fn a_zone_goes_by_its_name() {
        assert_eq!(zone("Asia/Seoul").to_string(), "Asia/Seoul");
        assert_eq!(TimeZone::default().to_string(), "UTC");
        assert!("Seoul".parse::<TimeZone>().is_err());
        assert!("Etc/Unknown".parse::<TimeZone>().is_err(), "jiff's name for a zone that is not known");
    }

    #[test]
    fn the_last_days_of_the_years_with_four_digits_have_their_zone_too() {
        for name in ["Asia/Seoul", "America/New_York"] {
            for local in ["9999-12-30 12:00:00", "9999-12-31 21:00:00", "9999-12-31 23:59:59.999999"] {
                let utc = zone(name).utc(at(local)).unwrap();
                assert_eq!(zone(name).local(utc), at(local), "{local} in {name}");
            }
        }
    }

    #[test]
    fn a_leap_second_stays_one() {
        let leap = at("2016-12-31 23:59:59").with_nanosecond(1_500_000_000).unwrap();
        assert_eq!(zone("Asia/Seoul").utc(zone("Asia/Seoul").local(leap)), Some(leap));
    }

    #[test]
    fn times_beyond_all_zones_do_no_harm() {
        for time in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
            assert!(zone("Asia/Seoul").local(time) >= time);
            assert_eq!(zone("Asia/Seoul").earliest_utc(time), time);
            assert_eq!(zone("Asia/Seoul").utc(time), None);
        }
    }
}
