//! A condition that is true until the query's time limit is over, and then makes the query fail.

use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;

use crate::db::{Backend, time_limit};

diesel::define_sql_function! {
    /// [`time_limit::is_over`] as an SQL function for SQLite.
    fn polls_in_time() -> Bool;
}

#[derive(Debug)]
struct InTimeCheck;

impl ToSql<Bool, Sqlite> for InTimeCheck {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        if time_limit::is_over() {
            return Err(time_limit::OUT_OF_TIME.into());
        }
        out.set_value(1);
        Ok(IsNull::No)
    }
}

/// Registers the function on a connection. It is registered as non-deterministic, so that SQLite calls it for every
/// row.
///
/// # Errors
/// If SQLite cannot allocate memory.
pub(super) fn register(conn: &mut SqliteConnection) -> QueryResult<()> {
    polls_in_time_utils::register_nondeterministic_impl(conn, || InTimeCheck)
}

/// The condition. It must be the first in a query, because SQLite does not evaluate it for a row that an earlier
/// condition excludes. On servers, which end statements themselves, it is `TRUE`.
pub fn in_time() -> InTime {
    InTime
}

#[derive(Debug, Clone, Copy)]
pub struct InTime;

impl Expression for InTime {
    type SqlType = Bool;
}

impl<G> ValidGrouping<G> for InTime {
    type IsAggregate = is_aggregate::No;
}

impl<S> AppearsOnTable<S> for InTime {}

impl<S> SelectableExpression<S> for InTime {}

impl QueryId for InTime {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for InTime {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        Backend::walk_variant_ast(self, pass)
    }
}

impl QueryFragment<Sqlite> for InTime {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("polls_in_time()");
        Ok(())
    }
}

#[cfg(feature = "postgres")]
impl QueryFragment<diesel::pg::Pg> for InTime {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
        out.push_sql("TRUE");
        Ok(())
    }
}

#[cfg(feature = "mysql")]
impl QueryFragment<diesel::mysql::Mysql> for InTime {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::mysql::Mysql>) -> QueryResult<()> {
        out.push_sql("TRUE");
        Ok(())
    }
}
