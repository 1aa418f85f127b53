//! How the admin reads and writes the rows of a table. [`table_row!`] implements it for a table and the struct of its
//! rows, which derives Diesel's `Queryable`, `Selectable`, `Insertable` and `AsChangeset`. A column is therefore named
//! in the schema and in that struct only.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

mod columns;

pub use columns::{ColumnsByName, Condition, OrderBy};

use diesel::QueryResult;
use diesel::result::Error;

use crate::db::Connection;

/// A row of a table, with the columns that the admin uses.
pub trait TableRow: Clone + Default + Send + 'static {
    type Table: diesel::Table<AllColumns: ColumnsByName<Self::Table>>;
    /// A boxed query on the table.
    type Query<'a>;
    /// Whether the admin can write rows.
    const IS_WRITTEN: bool;

    fn pk(&self) -> i64;

    fn all<'a>() -> Self::Query<'a>;
    fn filter(rows: Self::Query<'_>, condition: Condition<Self::Table>) -> Self::Query<'_>;
    fn with_pks<'a>(rows: Self::Query<'a>, pks: &[i64]) -> Self::Query<'a>;
    fn then_order_by(rows: Self::Query<'_>, order: OrderBy<Self::Table>) -> Self::Query<'_>;
    /// Adds the primary key, in descending order, as the last sort key. It makes every order unique.
    fn newest_first(rows: Self::Query<'_>) -> Self::Query<'_>;

    fn count(conn: &mut Connection, rows: Self::Query<'_>) -> QueryResult<i64>;
    fn page(conn: &mut Connection, rows: Self::Query<'_>, offset: i64, limit: i64) -> QueryResult<Vec<Self>>;
    fn pks(conn: &mut Connection, rows: Self::Query<'_>) -> QueryResult<Vec<i64>>;
    /// The row with this primary key, if it is among `rows`.
    fn find(conn: &mut Connection, rows: Self::Query<'_>, pk: i64) -> QueryResult<Self>;

    /// Locks the row until the transaction ends.
    fn lock(_conn: &mut Connection, _pk: i64) -> QueryResult<()> {
        Err(Error::NotFound)
    }
    /// Inserts a row with the given primary key, or with the next one, and returns the key.
    fn insert(self, _conn: &mut Connection, _pk: Option<i64>) -> QueryResult<i64> {
        Err(Error::NotFound)
    }
    fn update(self, _conn: &mut Connection, _pk: i64) -> QueryResult<()> {
        Err(Error::NotFound)
    }
    fn delete(_conn: &mut Connection, _pk: i64) -> QueryResult<()> {
        Err(Error::NotFound)
    }

    /// The names of all columns of the table, also of those that the struct does not have.
    fn columns() -> Vec<&'static str> {
        <<Self::Table as diesel::Table>::AllColumns as ColumnsByName<Self::Table>>::names()
    }
}

/// A primary key of 64 bits, or of 32 bits as in Django's older tables. There, a number that does not fit is an object
/// that does not exist.
pub trait PrimaryKey: Sized {
    fn of(pk: i64) -> QueryResult<Self>;
    fn of_each(pks: &[i64]) -> Vec<Self> {
        pks.iter().filter_map(|pk| Self::of(*pk).ok()).collect()
    }
}

impl PrimaryKey for i64 {
    fn of(pk: i64) -> QueryResult<Self> {
        Ok(pk)
    }
}

impl PrimaryKey for i32 {
    fn of(pk: i64) -> QueryResult<Self> {
        Self::try_from(pk).map_err(|_| Error::NotFound)
    }
}

/// Implements [`TableRow`]: `table_row!(Bookmark: bookmark_bookmark, i64)`, or `table_row!(read Entry: …)` for a table
/// that the admin never writes. The primary key must be called `id`, as in Django.
macro_rules! table_row {
    (read $row:ty: $table:ident, $key:ty) => {
        $crate::admin::registry::table::table_row!(@ $row: $table, $key, false, {});
    };
    ($row:ty: $table:ident, $key:ty) => {
        $crate::admin::registry::table::table_row!(@ $row: $table, $key, true, {
            fn lock(conn: &mut $crate::db::Connection, pk: i64) -> diesel::QueryResult<()> {
                use diesel::prelude::*;
                let pk = <$key as $crate::admin::registry::table::PrimaryKey>::of(pk)?;
                diesel::update($table::table.find(pk)).set($table::id.eq($table::id)).execute(conn).map(|_| ())
            }

            fn insert(self, conn: &mut $crate::db::Connection, pk: Option<i64>) -> diesel::QueryResult<i64> {
                use diesel::prelude::*;
                let Some(pk) = pk else {
                    diesel::insert_into($table::table).values(self).execute(conn)?;
                    return $crate::db::last_insert_id(conn);
                };
                let key = <$key as $crate::admin::registry::table::PrimaryKey>::of(pk)?;
                diesel::insert_into($table::table).values(($table::id.eq(key), self)).execute(conn).map(|_| pk)
            }

            fn update(self, conn: &mut $crate::db::Connection, pk: i64) -> diesel::QueryResult<()> {
                use diesel::prelude::*;
                let pk = <$key as $crate::admin::registry::table::PrimaryKey>::of(pk)?;
                diesel::update($table::table.find(pk)).set(self).execute(conn).map(|_| ())
            }

            fn delete(conn: &mut $crate::db::Connection, pk: i64) -> diesel::QueryResult<()> {
                use diesel::prelude::*;
                let pk = <$key as $crate::admin::registry::table::PrimaryKey>::of(pk)?;
                diesel::delete($table::table.find(pk)).execute(conn).map(|_| ())
            }
        });
    };
    (@ $row:ty: $table:ident, $key:ty, $is_written:literal, { $($writing:tt)* }) => {
        impl $crate::admin::registry::table::TableRow for $row {
            type Table = $table::table;
            type Query<'a> = $table::BoxedQuery<'a, $crate::db::Backend>;
            const IS_WRITTEN: bool = $is_written;

            fn pk(&self) -> i64 {
                self.id.into()
            }

            fn all<'a>() -> Self::Query<'a> {
                diesel::QueryDsl::into_boxed($table::table)
            }

            fn filter(
                rows: Self::Query<'_>,
                condition: $crate::admin::registry::table::Condition<Self::Table>,
            ) -> Self::Query<'_> {
                diesel::QueryDsl::filter(rows, condition)
            }

            fn with_pks<'a>(rows: Self::Query<'a>, pks: &[i64]) -> Self::Query<'a> {
                use diesel::prelude::*;
                QueryDsl::filter(
                    rows,
                    $table::id.eq_any(<$key as $crate::admin::registry::table::PrimaryKey>::of_each(pks)),
                )
            }

            fn then_order_by(
                rows: Self::Query<'_>,
                order: $crate::admin::registry::table::OrderBy<Self::Table>,
            ) -> Self::Query<'_> {
                diesel::QueryDsl::then_order_by(rows, order)
            }

            fn newest_first(rows: Self::Query<'_>) -> Self::Query<'_> {
                use diesel::prelude::*;
                QueryDsl::then_order_by(rows, $table::id.desc())
            }

            fn count(conn: &mut $crate::db::Connection, rows: Self::Query<'_>) -> diesel::QueryResult<i64> {
                use diesel::prelude::*;
                QueryDsl::count(rows).get_result(conn)
            }

            fn page(
                conn: &mut $crate::db::Connection,
                rows: Self::Query<'_>,
                offset: i64,
                limit: i64,
            ) -> diesel::QueryResult<Vec<Self>> {
                use diesel::prelude::*;
                let rows = rows.offset(offset).limit(limit);
                rows.select(<Self as SelectableHelper<_>>::as_select()).load(conn)
            }

            fn pks(conn: &mut $crate::db::Connection, rows: Self::Query<'_>) -> diesel::QueryResult<Vec<i64>> {
                use diesel::prelude::*;
                let pks: Vec<$key> = rows.select($table::id).load(conn)?;
                Ok(pks.into_iter().map(Into::into).collect())
            }

            fn find(
                conn: &mut $crate::db::Connection,
                rows: Self::Query<'_>,
                pk: i64,
            ) -> diesel::QueryResult<Self> {
                use diesel::prelude::*;
                let pk = <$key as $crate::admin::registry::table::PrimaryKey>::of(pk)?;
                let row = QueryDsl::filter(rows, $table::id.eq(pk));
                row.select(<Self as SelectableHelper<_>>::as_select()).get_result(conn)
            }

            $($writing)*
        }
    };
}

/// Names the field of a struct that has the columns of the table: `annotated_row!(QuestionRow.question: Question)`.
macro_rules! annotated_row {
    ($row:ident.$field:ident: $columns:ty) => {
        impl From<$columns> for $row {
            fn from(columns: $columns) -> Self {
                Self { $field: columns, ..Self::default() }
            }
        }

        impl std::borrow::Borrow<$columns> for $row {
            fn borrow(&self) -> &$columns {
                &self.$field
            }
        }
    };
}

pub(crate) use {annotated_row, table_row};
