//! Finds a table's columns by name, for sorting, searching and filtering a list by a field. The names come from
//! Diesel's `table!`, so no column is named a second time.

use diesel::expression::expression_types::NotSelectable;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::admin::list::query::DateBound;
use crate::db::moment;
use crate::db::{self, Backend};

/// A condition in the WHERE clause of a query on table `T`.
pub type Condition<T> = Box<dyn BoxableExpression<T, Backend, SqlType = Bool>>;

/// An expression in the ORDER BY clause of a query on table `T`.
pub type OrderBy<T> = Box<dyn BoxableExpression<T, Backend, SqlType = NotSelectable>>;

/// Implemented for `Table::AllColumns` of a table `T`. The methods return None if no column has the name.
pub trait ColumnsByName<T> {
    fn names() -> Vec<&'static str>;
    fn order_by(name: &str, descending: bool) -> Option<OrderBy<T>>;
    /// Orders rows in which the column is NULL after all others, or before them if `descending`. It is explicit because
    /// the databases order NULL differently.
    fn empty_last(name: &str, descending: bool) -> Option<OrderBy<T>>;
    /// Whether the column's text contains a word, regardless of case.
    fn contains(name: &str, word: &str) -> Option<Condition<T>>;
    fn within(name: &str, bound: DateBound) -> Option<Condition<T>>;
}

/// Implements the trait for tables with this number of columns.
macro_rules! columns_by_name {
    ($($column:ident)+) => {
        impl<T, $($column),+> ColumnsByName<T> for ($($column,)+)
        where
            $(
                $column: Column<Table = T> + ExpressionMethods + Default,
                diesel::dsl::Asc<$column>: BoxableExpression<T, Backend, SqlType = NotSelectable> + 'static,
                diesel::dsl::Desc<$column>: BoxableExpression<T, Backend, SqlType = NotSelectable> + 'static,
                db::SameText<$column>: BoxableExpression<T, Backend, SqlType = Bool> + 'static,
            )+
        {
            fn names() -> Vec<&'static str> {
                vec![$($column::NAME),+]
            }

            fn order_by(name: &str, descending: bool) -> Option<OrderBy<T>> {
                $(
                    if name == $column::NAME {
                        let column = $column::default();
                        return Some(if descending { Box::new(column.desc()) } else { Box::new(column.asc()) });
                    }
                )+
                None
            }

            fn empty_last(name: &str, descending: bool) -> Option<OrderBy<T>> {
                $(
                    if name == $column::NAME {
                        let is_empty = moment::is_null::<$column>(true);
                        return Some(if descending { Box::new(is_empty.desc()) } else { Box::new(is_empty.asc()) });
                    }
                )+
                None
            }

            fn contains(name: &str, word: &str) -> Option<Condition<T>> {
                $(
                    if name == $column::NAME {
                        return Some(Box::new(db::contains($column::default(), word)));
                    }
                )+
                None
            }

            fn within(name: &str, bound: DateBound) -> Option<Condition<T>> {
                $(
                    if name == $column::NAME {
                        return Some(Box::new(bound.on($column::default())));
                    }
                )+
                None
            }
        }
    };
}

columns_by_name!(A B);
columns_by_name!(A B C);
columns_by_name!(A B C D);
columns_by_name!(A B C D E);
columns_by_name!(A B C D E F);
columns_by_name!(A B C D E F G);
columns_by_name!(A B C D E F G H);
columns_by_name!(A B C D E F G H I);
columns_by_name!(A B C D E F G H I J);
columns_by_name!(A B C D E F G H I J K);
columns_by_name!(A B C D E F G H I J K L);
columns_by_name!(A B C D E F G H I J K L M);
columns_by_name!(A B C D E F G H I J K L M N);
columns_by_name!(A B C D E F G H I J K L M N O);
columns_by_name!(A B C D E F G H I J K L M N O P);
columns_by_name!(A B C D E F G H I J K L M N O P Q);
columns_by_name!(A B C D E F G H I J K L M N O P Q R);
