//! Conditions that compare a column's text regardless of case, by the same rule on every database
//! ([`crate::text::Fold`]).

use std::marker::PhantomData;
use std::sync::OnceLock;

use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Binary, Bool, Nullable, Text};
use diesel::sqlite::Sqlite;

use crate::db::Backend;
use crate::text::Fold;

diesel::define_sql_function! {
    /// [`Fold::is_in`] as an SQL function for SQLite.
    fn polls_is_in(folded: Text, whole: Bool, text: Nullable<Binary>) -> Bool;
}

diesel::define_sql_function! {
    /// An SQL function for SQLite: the text with U+FFFD in place of bytes that are not UTF-8.
    fn polls_text(text: Nullable<Binary>) -> Nullable<Text>;
}

/// Registers on a connection the functions with which SQLite compares and shows texts.
///
/// # Errors
/// If SQLite cannot allocate memory.
pub(super) fn register(conn: &mut SqliteConnection) -> QueryResult<()> {
    polls_text_utils::register_impl(conn, |text: Option<Vec<u8>>| {
        text.map(|text| String::from_utf8_lossy(&text).into_owned())
    })?;
    polls_is_in_utils::register_impl(conn, |folded: String, whole: bool, text: Option<Vec<u8>>| {
        // Other programs may have stored bytes that are not UTF-8.
        text.is_some_and(|text| Fold::is_in(&folded, whole, &String::from_utf8_lossy(&text)))
    })
}

/// Whether a column's text contains a word, regardless of case and of how characters are composed.
pub fn contains<C: Column>(_column: C, word: &str) -> SameText<C> {
    SameText::new(Fold::part(word))
}

/// Whether a column's text equals another, regardless of case and of how characters are composed.
pub fn is_same<C: Column>(_column: C, text: &str) -> SameText<C> {
    SameText::new(Fold::whole(text))
}

/// A condition on a column's text. It is NULL if the column is NULL.
pub struct SameText<C> {
    column: PhantomData<C>,
    fold: Fold,
    /// For servers, which compare with a regular expression.
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        expect(dead_code, reason = "SQLite compares by a function")
    )]
    regex: OnceLock<String>,
}

impl<C> SameText<C> {
    fn new(fold: Fold) -> Self {
        Self { column: PhantomData, fold, regex: OnceLock::new() }
    }

    #[cfg(any(feature = "postgres", feature = "mysql"))]
    fn regex(&self) -> &str {
        self.regex.get_or_init(|| self.fold.regex())
    }
}

impl<C: Column> Expression for SameText<C> {
    type SqlType = Bool;
}

impl<C, G> ValidGrouping<G> for SameText<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: Column + AppearsOnTable<S>, S> AppearsOnTable<S> for SameText<C> {}

impl<C: Column + SelectableExpression<S>, S> SelectableExpression<S> for SameText<C> {}

impl<C> QueryId for SameText<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: Column> QueryFragment<Backend> for SameText<C> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        Backend::walk_variant_ast(self, pass)
    }
}

impl<C: Column> QueryFragment<Sqlite> for SameText<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("polls_is_in(");
        out.push_bind_param::<Text, _>(self.fold.as_str())?;
        out.push_sql(if self.fold.is_whole() { ", 1, " } else { ", 0, " });
        out.push_identifier(C::NAME)?;
        out.push_sql(")");
        Ok(())
    }
}

/// The collation `"C"` compares code points and does not depend on the locale.
#[cfg(feature = "postgres")]
impl<C: Column> QueryFragment<diesel::pg::Pg> for SameText<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::pg::Pg>) -> QueryResult<()> {
        out.push_identifier(C::NAME)?;
        out.push_sql(" COLLATE \"C\" ~ ");
        out.push_bind_param::<Text, _>(self.regex())
    }
}

/// `CONVERT` is needed because the column may have an older character set than the expression.
#[cfg(feature = "mysql")]
impl<C: Column> QueryFragment<diesel::mysql::Mysql> for SameText<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, diesel::mysql::Mysql>) -> QueryResult<()> {
        out.push_sql("CONVERT(");
        out.push_identifier(C::NAME)?;
        out.push_sql(" USING utf8mb4) COLLATE utf8mb4_bin REGEXP ");
        out.push_bind_param::<Text, _>(self.regex())
    }
}
