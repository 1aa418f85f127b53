//! A condition that is true until what is read has taken too long, and an error from then on.

use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::{self, IsNull, Output, ToSql};
use diesel::sql_types::Bool;
use diesel::sqlite::Sqlite;

use crate::db::{Connection as AnyConnection, time_limit};

diesel::define_sql_function! {
    /// [`time_limit::is_over`] as a function of SQLite's.
    fn polls_in_time() -> Bool;
}

#[derive(Debug)]
struct Asked;

impl ToSql<Bool, Sqlite> for Asked {
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
        if time_limit::is_over() {
            return Err(time_limit::TOLD.into());
        }
        out.set_value(1);
        Ok(IsNull::No)
    }
}

/// Gives a connection the function. What is not deterministic is asked with every row.
///
/// # Errors
/// If SQLite has no memory.
pub(super) fn register(conn: &mut SqliteConnection) -> QueryResult<()> {
    polls_in_time_utils::register_nondeterministic_impl(conn, || Asked)
}

/// The condition; as the first of a query, so that no other spares a row from it. Servers end statements by themselves.
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

type AnyBackend = <AnyConnection as diesel::Connection>::Backend;

impl QueryFragment<AnyBackend> for InTime {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, AnyBackend>) -> QueryResult<()> {
        AnyBackend::walk_variant_ast(self, pass)
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
