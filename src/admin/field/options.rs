//! What a relation may point at.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use diesel::QueryResult;

use super::{Kind, Value};
use crate::db::Connection;
use crate::web::Reader;

/// The objects that a relation may point at, with their names for a reader.
pub type Options = fn(&mut Connection, Option<&Reader>) -> QueryResult<Vec<(i64, String)>>;

/// Options that are read once, however many inputs offer them.
#[derive(Default)]
pub struct OptionCache {
    known: HashMap<usize, Vec<(i64, String)>>,
    /// None where the ids alone matter.
    reader: Option<Reader>,
}

impl OptionCache {
    pub fn read_by(reader: Reader) -> Self {
        Self { reader: Some(reader), ..Self::default() }
    }

    /// The options of a field of this kind.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn get(&mut self, conn: &mut Connection, kind: Kind) -> QueryResult<&[(i64, String)]> {
        let Some(read) = kind.options() else {
            return Ok(&[]);
        };
        Ok(match self.known.entry(read as usize) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(read(conn, self.reader.as_ref())?),
        })
    }

    /// A value whose objects are among the options, with their names; None if one is not.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn check(&mut self, conn: &mut Connection, kind: Kind, value: Value) -> QueryResult<Option<Value>> {
        let options = self.get(conn, kind)?;
        let find = |id: i64| options.iter().find(|(known, _)| *known == id);
        Ok(match value {
            Value::Related(id, _) => find(id).map(|(id, name)| Value::Related(*id, name.clone())),
            Value::Many(ids) => ids.iter().all(|id| find(*id).is_some()).then_some(Value::Many(ids)),
            other => Some(other),
        })
    }
}
