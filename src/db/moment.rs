//! Dates that people enter, as literals in SQL.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::{AsExpression, SqlLiteral};
use diesel::sql_types::{Bool, Nullable, Timestamp};

/// A moment, in UTC, as a literal. Diesel binds a parameter as MariaDB's `TIMESTAMP`, which ends in 2038: a later one
/// would be written as NULL.
pub fn moment(utc: NaiveDateTime) -> SqlLiteral<Timestamp> {
    sql(&literal(utc))
}

/// The same; `NULL` for None.
pub fn moment_or_null(utc: Option<NaiveDateTime>) -> SqlLiteral<Nullable<Timestamp>> {
    sql(&utc.map_or_else(|| "NULL".to_owned(), literal))
}

/// Compares a column with a moment, by an operator of SQL.
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

/// How a row writes a date that people choose: `#[diesel(serialize_as = DateLiteral)]` over a field of Diesel's derives.
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
