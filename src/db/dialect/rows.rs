//! The rows of queries about the database itself.

use diesel::sql_types::{Bool, Text};

/// A column as the database itself describes it.
#[derive(Debug, diesel::QueryableByName)]
pub struct ColumnInfo {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The type's name in lower case, without a length.
    #[diesel(sql_type = Text)]
    pub data_type: String,
    /// Whether a row cannot be inserted without a value for it.
    #[diesel(sql_type = Bool)]
    pub required: bool,
}

/// A row with one text column, `name`.
#[derive(diesel::QueryableByName)]
pub(super) struct Name {
    #[diesel(sql_type = Text)]
    pub name: String,
}
