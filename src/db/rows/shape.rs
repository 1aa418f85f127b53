//! The tables, their columns, and the order in which foreign keys allow them to be filled.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::{Connection, dialect, migrate};

/// A table of this program, one of Django's included.
#[derive(Debug, Clone)]
pub struct TableShape {
    pub name: String,
    pub columns: Vec<ColumnShape>,
    /// The column of the primary key. Every table has one of a single column.
    pub key: String,
    pub references: Vec<ForeignKey>,
}

/// A column that holds the key of a row of another table.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct ForeignKey {
    #[diesel(sql_type = Text)]
    pub column: String,
    #[diesel(sql_type = Text)]
    pub table: String,
}

#[derive(Debug, Clone)]
pub struct ColumnShape {
    pub name: String,
    pub kind: CellKind,
    /// Whether a row cannot be inserted without a value for it.
    pub required: bool,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CellKind {
    Integer,
    Boolean,
    Moment,
    Text,
}

#[derive(diesel::QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    key: String,
}

/// The tables of a SQLite database, each after the tables that its foreign keys refer to. If the database was just
/// migrated in memory, these are all tables that the program has, on every database.
///
/// # Errors
/// If the database does not answer.
pub fn shapes(conn: &mut Connection) -> QueryResult<Vec<TableShape>> {
    let described: Vec<Described> = diesel::sql_query(
        "SELECT t.name, c.name AS key FROM sqlite_master t JOIN pragma_table_info(t.name) c ON c.pk = 1 \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.rowid",
    )
    .load(conn)?;
    let mut shapes = Vec::new();
    let mut waiting = described;
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut still = Vec::new();
        for Described { name, key } in waiting {
            let references: Vec<ForeignKey> =
                diesel::sql_query("SELECT \"from\" AS \"column\", \"table\" FROM pragma_foreign_key_list(?)")
                    .bind::<Text, _>(&name)
                    .load(conn)?;
            let is_there = |other: &str| shapes.iter().any(|shape: &TableShape| shape.name == other);
            if references.iter().all(|reference| reference.table == name || is_there(&reference.table)) {
                let columns = dialect::columns(conn, &name)?;
                let columns = columns.into_iter().map(|column| ColumnShape {
                    kind: kind(&column.data_type),
                    required: column.required,
                    name: column.name,
                });
                shapes.push(TableShape { columns: columns.collect(), name, key, references });
            } else {
                still.push(Described { name, key });
            }
        }
        if still.len() == before {
            return Err(diesel::result::Error::QueryBuilderError("tables refer to each other in a circle".into()));
        }
        waiting = still;
    }
    shapes.retain(|shape| shape.name != migrate::APPLIED_TABLE);
    Ok(shapes)
}

/// By the type names in SQLite's migrations, which are Django's.
fn kind(data_type: &str) -> CellKind {
    match data_type {
        "bool" => CellKind::Boolean,
        "datetime" => CellKind::Moment,
        number if number.contains("int") => CellKind::Integer,
        _ => CellKind::Text,
    }
}

impl TableShape {
    /// Whether the database numbers new rows.
    pub(super) fn is_numbered(&self) -> bool {
        self.key == "id" && self.key_kind() == CellKind::Integer
    }

    pub fn key_kind(&self) -> CellKind {
        self.columns.iter().find(|column| column.name == self.key).map_or(CellKind::Text, |column| column.kind)
    }

    /// The index of a column.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|there| there.name == column)
    }
}
