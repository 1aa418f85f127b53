//! The tables, their columns, and the order in which foreign keys allow them to be filled.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Text};

use crate::db::{Connection, dialect, migrate};

/// A table of this program, one of Django's included.
#[derive(Debug, Clone)]
pub struct TableShape {
    pub name: String,
    pub columns: Vec<ColumnShape>,
    /// The column of the primary key. Every table has one of a single column.
    pub key: String,
}

#[derive(Debug, Clone)]
pub struct ColumnShape {
    pub name: String,
    pub kind: CellKind,
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

#[derive(diesel::QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    other: String,
    #[diesel(sql_type = Integer)]
    own: i32,
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
            let references: Vec<Reference> =
                diesel::sql_query("SELECT \"table\" AS other, \"table\" = ? AS own FROM pragma_foreign_key_list(?)")
                    .bind::<Text, _>(&name)
                    .bind::<Text, _>(&name)
                    .load(conn)?;
            let is_there = |other: &str| shapes.iter().any(|shape: &TableShape| shape.name == other);
            if references.iter().all(|reference| reference.own == 1 || is_there(&reference.other)) {
                let columns = dialect::columns(conn, &name)?;
                let columns =
                    columns.into_iter().map(|column| ColumnShape { kind: kind(&column.data_type), name: column.name });
                shapes.push(TableShape { columns: columns.collect(), name, key });
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

    pub(super) fn key_kind(&self) -> CellKind {
        self.columns.iter().find(|column| column.name == self.key).map_or(CellKind::Text, |column| column.kind)
    }

    /// The index of a column.
    pub fn place(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|there| there.name == column)
    }
}
