//! The columns of a table by their names, which are those of the fields: what a list is sorted, searched and narrowed
//! by. Diesel's `table!` says which there are, so that none is named a second time.

use diesel::expression::expression_types::NotSelectable;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::admin::list::query::DateBound;
use crate::db::moment;
use crate::db::{self, Backend};

/// A condition on the rows of a table.
pub type Condition<T> = Box<dyn BoxableExpression<T, Backend, SqlType = Bool>>;

/// One of the expressions by which the rows of a table are ordered.
pub type OrderBy<T> = Box<dyn BoxableExpression<T, Backend, SqlType = NotSelectable>>;

/// `Table::AllColumns` of a table `T`. Where no column has the name, the answer is None.
pub trait ColumnsByName<T> {
    fn names() -> Vec<&'static str>;
    fn order_by(name: &str, descending: bool) -> Option<OrderBy<T>>;
    /// The rows without a value after all others, or, descending, before them: databases do not agree on their place.
    fn empty_last(name: &str, descending: bool) -> Option<OrderBy<T>>;
    /// Whether a text has a word in it, whatever its case.
    fn contains(name: &str, word: &str) -> Option<Condition<T>>;
    fn within(name: &str, bound: DateBound) -> Option<Condition<T>>;
}

/// The trait for tables of so many columns.
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
