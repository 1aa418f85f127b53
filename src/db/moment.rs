//! Dates that people choose, in SQL.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::sql_types::{Nullable, Timestamp};

/// A moment, in UTC, as a literal. Bound as a parameter it would be a `TIMESTAMP` to MariaDB, which knows none
/// beyond 2038 and takes NULL instead.
pub fn moment(utc: NaiveDateTime) -> SqlLiteral<Timestamp> {
    sql(&literal(utc))
}

/// The same, or NULL.
pub fn moment_or_null(utc: Option<NaiveDateTime>) -> SqlLiteral<Nullable<Timestamp>> {
    sql(&utc.map_or_else(|| "NULL".to_owned(), literal))
}

fn literal(utc: NaiveDateTime) -> String {
    format!("'{}'", utc.format("%Y-%m-%d %H:%M:%S%.f"))
}
