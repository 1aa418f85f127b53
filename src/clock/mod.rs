//! The clock, the precision in which times are stored, and time zones.

mod zone;

pub use zone::TimeZone;

use chrono::{NaiveDateTime, SubsecRound, TimeDelta, Timelike, Utc};

/// Now, in UTC, in the form that [`storable`] describes.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
pub fn now() -> NaiveDateTime {
    storable(Utc::now().naive_utc())
}

/// The time truncated to microseconds; a fraction of whole milliseconds is moved by one microsecond.
///
/// Django writes times to SQLite as text with 0 or 6 fractional digits and compares them as text.
/// Diesel drops trailing groups of zeros (`.120000` becomes `.120`), so such a fraction must not occur.
pub fn storable(time: NaiveDateTime) -> NaiveDateTime {
    let time = time.trunc_subsecs(6);
    let nanos = time.nanosecond();
    if nanos != 0 && nanos.is_multiple_of(1_000_000) { time + TimeDelta::microseconds(1) } else { time }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_time_has_no_fraction_or_six_digits_of_it() {
        let second = NaiveDateTime::parse_from_str("2026-03-01 09:00:00", "%F %T").unwrap();
        for micros in [0, 1, 10, 120_000, 500_000, 999_000, 999_999] {
            let text = storable(second + TimeDelta::microseconds(micros)).format("%T%.f").to_string();
            assert!(text.len() == 8 || text.len() == 15, "{micros} µs is written as {text}");
        }
    }
}
