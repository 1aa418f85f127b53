//! The answer to any query that reads: columns whose names and types are not known beforehand.

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::prelude::*;
use diesel::row::{Field as _, NamedRow};
use diesel::sql_types::{Nullable, Text};
use diesel::sqlite::Sqlite;

use crate::db::Connection;

/// A row as texts: each column's name, and its value, None for NULL.
pub struct TextRow(pub Vec<(String, Option<String>)>);

/// Runs one query that changes nothing, and returns its rows. The connection can write nothing afterwards.
///
/// # Errors
/// The database's error, also if the query would write.
pub fn read_only(conn: &mut Connection, query: &str) -> QueryResult<Vec<TextRow>> {
    match conn {
        Connection::Sqlite(conn) => {
            conn.batch_execute("PRAGMA query_only = ON")?;
            diesel::sql_query(query).load(conn)
        }
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => {
            conn.batch_execute("SET default_transaction_read_only = on")?;
            // The server returns values in a binary form for each type, so it makes texts of them.
            let query = format!(
                "SELECT (SELECT json_agg(json_build_array(key, value)) FROM json_each_text(row_to_json(q)))::text AS row \
                 FROM ({query}\n) AS q"
            );
            diesel::sql_query(query).load(conn)
        }
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => {
            conn.batch_execute("SET SESSION TRANSACTION READ ONLY")?;
            diesel::sql_query(query).load(conn)
        }
    }
}

/// The fields of a row, read one after the other.
fn fields<'a, DB: Backend>(
    row: &impl NamedRow<'a, DB>,
    value: impl Fn(Option<DB::RawValue<'_>>) -> deserialize::Result<Option<String>>,
) -> deserialize::Result<TextRow> {
    let mut fields = Vec::new();
    for index in 0..row.field_count() {
        let field = diesel::row::Row::get(row, index).ok_or("a field is missing")?;
        fields.push((field.field_name().unwrap_or_default().to_owned(), value(field.value())?));
    }
    Ok(TextRow(fields))
}

impl QueryableByName<Sqlite> for TextRow {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        fields(row, <Option<String> as FromSql<Nullable<Text>, Sqlite>>::from_nullable_sql)
    }
}

#[cfg(feature = "postgres")]
impl QueryableByName<diesel::pg::Pg> for TextRow {
    fn build<'a>(row: &impl NamedRow<'a, diesel::pg::Pg>) -> deserialize::Result<Self> {
        let pairs: Option<String> = NamedRow::get::<Nullable<Text>, _>(row, "row")?;
        Ok(Self(serde_json::from_str(pairs.as_deref().unwrap_or("[]"))?))
    }
}

#[cfg(feature = "mysql")]
impl QueryableByName<diesel::mysql::Mysql> for TextRow {
    fn build<'a>(row: &impl NamedRow<'a, diesel::mysql::Mysql>) -> deserialize::Result<Self> {
        fields(row, |value| value.map(of_mysql).transpose())
    }
}

/// MySQL returns numbers and times in a binary form, and everything else as text.
#[cfg(feature = "mysql")]
fn of_mysql(value: diesel::mysql::MysqlValue<'_>) -> deserialize::Result<String> {
    use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
    use diesel::mysql::{Mysql, MysqlType};
    use diesel::sql_types::{BigInt, Date, Datetime, Double, Time, Unsigned};
    Ok(match value.value_type() {
        MysqlType::Tiny | MysqlType::Short | MysqlType::Long | MysqlType::LongLong => {
            <i64 as FromSql<BigInt, Mysql>>::from_sql(value)?.to_string()
        }
        MysqlType::UnsignedTiny | MysqlType::UnsignedShort | MysqlType::UnsignedLong | MysqlType::UnsignedLongLong => {
            <u64 as FromSql<Unsigned<BigInt>, Mysql>>::from_sql(value)?.to_string()
        }
        MysqlType::Float | MysqlType::Double => <f64 as FromSql<Double, Mysql>>::from_sql(value)?.to_string(),
        MysqlType::Date => <NaiveDate as FromSql<Date, Mysql>>::from_sql(value)?.to_string(),
        MysqlType::Time => <NaiveTime as FromSql<Time, Mysql>>::from_sql(value)?.to_string(),
        MysqlType::DateTime | MysqlType::Timestamp => {
            <NaiveDateTime as FromSql<Datetime, Mysql>>::from_sql(value)?.to_string()
        }
        _ => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    })
}
