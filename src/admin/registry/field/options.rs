//! The options of a relation: the objects that it may point to.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use diesel::QueryResult;

use super::{FieldKind, Value};
use crate::admin::list::query::ListQuery;
use crate::db::Connection;
use crate::web::Reader;

/// Reads the objects that a relation may point to: ids, and names in the reader's language.
pub type Options = fn(&mut Connection, Option<&Reader>) -> QueryResult<Vec<(i64, String)>>;

/// An object's id and name.
pub type Named = (i64, String);

/// A search for options, for relations with too many objects to list.
#[derive(Debug)]
pub struct RelatedLookup {
    /// The objects whose names contain all words of the query, newest first, at most the query's limit.
    pub search: fn(&mut Connection, &ListQuery) -> QueryResult<Vec<Named>>,
    /// The name of an object; None if it does not exist.
    pub name: fn(&mut Connection, i64) -> QueryResult<Option<String>>,
}

/// How many objects a select offers at most: without a search, and with one.
const OFFERED: usize = 100;
const FOUND: i64 = 20;

/// The options that a select offers.
#[derive(Debug, Default)]
pub struct Select {
    pub options: Vec<(i64, String)>,
    /// Whether there are more objects than are listed, so that a search is needed.
    pub is_searched: bool,
}

/// Options that are read once per page, also if several inputs offer them.
#[derive(Default)]
pub struct OptionCache {
    known: HashMap<usize, Vec<(i64, String)>>,
    /// Names of objects that are not among the listed options, by the options' number and the object's id.
    names: HashMap<(usize, i64), Option<String>>,
    /// None where only the ids are needed and not the names.
    reader: Option<Reader>,
}

impl RelatedLookup {
    /// The objects whose names contain all words of `text`; the newest objects if `text` is empty.
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

    /// The options of a field of this kind. If they must be searched, only the newest.
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

    /// The options that a field's select offers: all objects; or, if they must be searched, the objects that the search
    /// finds and the chosen one.
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

    /// The name of the object with this id that a field of this kind points to; None if it may not point to it.
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

    /// Checks a relation's value and fills in the objects' names; None if an object is not among the options.
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

/// A number that is different for each source of options, used as the key of the cache. None for fields that are no
/// relation.
fn number(kind: FieldKind) -> Option<usize> {
    match kind {
        FieldKind::ForeignKey(read) | FieldKind::Many(read) => Some(read as usize),
        FieldKind::Searched(lookup) => Some(lookup.search as usize),
        _ => None,
    }
}
