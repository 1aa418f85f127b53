//! Dates that people enter, as literals in SQL.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::{AsExpression, SqlLiteral};
use diesel::sql_types::{Bool, Nullable, Timestamp};

/// A time in UTC as an SQL literal. It is not a parameter, because Diesel binds parameters as MariaDB's `TIMESTAMP`,
/// which ends in 2038; a later time would be stored as NULL.
pub fn moment(utc: NaiveDateTime) -> SqlLiteral<Timestamp> {
    sql(&literal(utc))
}

/// A time in UTC as an SQL literal; `NULL` for None.
pub fn moment_or_null(utc: Option<NaiveDateTime>) -> SqlLiteral<Nullable<Timestamp>> {
    sql(&utc.map_or_else(|| "NULL".to_owned(), literal))
}

/// Compares a column with a time, by an SQL operator such as `<`.
pub fn compare<C: diesel::Column>(operator: &'static str, utc: NaiveDateTime) -> SqlLiteral<Bool> {
    sql(&format!("{} {operator} {}", C::NAME, literal(utc)))
}

/// `IS NULL` or `IS NOT NULL`.
pub fn is_null<C: diesel::Column>(null: bool) -> SqlLiteral<Bool> {
    sql(&format!("{} IS {}NULL", C::NAME, if null { "" } else { "NOT " }))
}

fn literal(utc: NaiveDateTime) -> String {
    format!("'{}'", utc.format("%Y-%m-%d %H:%M:%S%.f"))
}

/// Makes Diesel's derives write a date that people choose as a literal: `#[diesel(serialize_as = DateLiteral)]` on the
/// field.
#[derive(Debug)]
pub struct DateLiteral(Option<NaiveDateTime>);

impl From<NaiveDateTime> for DateLiteral {
    fn from(utc: NaiveDateTime) -> Self {
        Self(Some(utc))
    }
}

impl From<Option<NaiveDateTime>> for DateLiteral {
    fn from(utc: Option<NaiveDateTime>) -> Self {
        Self(utc)
    }
}

impl AsExpression<Timestamp> for DateLiteral {
    type Expression = SqlLiteral<Timestamp>;

    fn as_expression(self) -> Self::Expression {
        sql(&self.0.map_or_else(|| "NULL".to_owned(), literal))
    }
}

impl AsExpression<Nullable<Timestamp>> for DateLiteral {
    type Expression = SqlLiteral<Nullable<Timestamp>>;

    fn as_expression(self) -> Self::Expression {
        moment_or_null(self.0)
    }
}
