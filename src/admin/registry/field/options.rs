//! What a relation may point at.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use diesel::QueryResult;

use super::{FieldKind, Value};
use crate::admin::list::query::ListQuery;
use crate::db::Connection;
use crate::web::Reader;

/// The objects that a relation may point at, with their names for a reader.
pub type Options = fn(&mut Connection, Option<&Reader>) -> QueryResult<Vec<(i64, String)>>;

/// An object's id and name.
pub type Named = (i64, String);

/// Objects of which there may be too many for a select.
#[derive(Debug)]
pub struct Lookup {
    /// Those whose names have all the words of a query, as many as it wants, the newest first.
    pub search: fn(&mut Connection, &ListQuery) -> QueryResult<Vec<Named>>,
    /// The name of one, if it is there.
    pub name: fn(&mut Connection, i64) -> QueryResult<Option<String>>,
}

/// The most objects that a select offers without a search, and with one.
const OFFERED: usize = 100;
const FOUND: i64 = 20;

/// What a select offers.
#[derive(Debug, Default)]
pub struct Select {
    pub options: Vec<(i64, String)>,
    /// Whether there are more, so that they have to be searched.
    pub is_searched: bool,
}

/// Options that are read once, however many inputs offer them.
#[derive(Default)]
pub struct OptionCache {
    known: HashMap<usize, Vec<(i64, String)>>,
    /// Names of those that are not among them.
    names: HashMap<(usize, i64), Option<String>>,
    /// None where the ids alone matter.
    reader: Option<Reader>,
}

impl Lookup {
    /// The objects that are found with some words, or without any the newest.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn find(&self, conn: &mut Connection, text: &str) -> QueryResult<Vec<(i64, String)>> {
        (self.search)(conn, &ListQuery { limit: Some(FOUND), ..ListQuery::of_words(text) })
    }
}

impl OptionCache {
    pub fn read_by(reader: Reader) -> Self {
        Self { reader: Some(reader), ..Self::default() }
    }

    /// The options of a field of this kind; where they are searched, the newest.
    fn get(&mut self, conn: &mut Connection, kind: FieldKind) -> QueryResult<&[(i64, String)]> {
        let Some(number) = number(kind) else { return Ok(&[]) };
        Ok(match self.known.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(match kind {
                FieldKind::ForeignKey(read) | FieldKind::Many(read) => read(conn, self.reader.as_ref())?,
                FieldKind::Searched(lookup) => {
                    let most = i64::try_from(OFFERED + 1).ok();
                    (lookup.search)(conn, &ListQuery { limit: most, ..ListQuery::default() })?
                }
                _ => Vec::new(),
            }),
        })
    }

    /// What a select of a field offers, what is chosen among it; after a search, what that has found.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn select(
        &mut self,
        conn: &mut Connection,
        kind: FieldKind,
        searched: Option<&str>,
        chosen: Option<i64>,
    ) -> QueryResult<Select> {
        let options = self.get(conn, kind)?.to_vec();
        let FieldKind::Searched(lookup) = kind else { return Ok(Select { options, is_searched: false }) };
        if options.len() <= OFFERED {
            return Ok(Select { options, is_searched: false });
        }
        let mut options = lookup.find(conn, searched.unwrap_or_default())?;
        if let Some(id) = chosen.filter(|id| options.iter().all(|(option, _)| option != id))
            && let Some(name) = self.name(conn, kind, id)?
        {
            options.insert(0, (id, name));
        }
        Ok(Select { options, is_searched: true })
    }

    /// What an object is called that a field of this kind points at; None if it may not.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn name(&mut self, conn: &mut Connection, kind: FieldKind, id: i64) -> QueryResult<Option<String>> {
        if let Some((_, name)) = self.get(conn, kind)?.iter().find(|(known, _)| *known == id) {
            return Ok(Some(name.clone()));
        }
        let (FieldKind::Searched(lookup), Some(number)) = (kind, number(kind)) else { return Ok(None) };
        Ok(match self.names.entry((number, id)) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(unknown) => unknown.insert((lookup.name)(conn, id)?).clone(),
        })
    }

    /// A value whose objects are among the options, with their names; None if one is not.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn check(&mut self, conn: &mut Connection, kind: FieldKind, value: Value) -> QueryResult<Option<Value>> {
        Ok(match value {
            Value::Related(id, _) => self.name(conn, kind, id)?.map(|name| Value::Related(id, name)),
            Value::Many(ids) => {
                let options = self.get(conn, kind)?;
                ids.iter().all(|id| options.iter().any(|(known, _)| known == id)).then_some(Value::Many(ids))
            }
            other => Some(other),
        })
    }
}

/// By what the options of a kind are known.
fn number(kind: FieldKind) -> Option<usize> {
    match kind {
        FieldKind::ForeignKey(read) | FieldKind::Many(read) => Some(read as usize),
        FieldKind::Searched(lookup) => Some(lookup.search as usize),
        _ => None,
    }
}
