//! What the database has already.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::names::{Names, is_made_here, references_of};
use crate::clock::TimeZone;
use crate::db::Connection;
use crate::db::rows::{self, PortableRow};
use crate::ops::fixtures::{FixtureError, FixtureModel, FixtureObject, NaturalKeys, from_fixture};

/// The models by whose numbers other objects refer to them.
const REFERRED_TO: [&str; 2] = ["polls.question", "polls.choice"];

/// The columns by which an object is known to be the same as one that has its number: one of them agrees. Texts can be
/// edited after an import.
const AGREES: [(&str, &[&str]); 4] = [
    ("polls.question", &["question_text", "pub_date"]),
    ("polls.choice", &["question_id"]),
    ("bookmark.bookmark", &["url", "title"]),
    ("sessions.session", &["session_key"]),
];

/// The columns by which an object is known to be the same as one with another number: all of them agree.
const SAME: [(&str, &[&str]); 2] =
    [("bookmark.bookmark", &["url", "title"]), ("admin.logentry", &["action_time", "object_repr"])];

pub struct Here<'a> {
    models: &'a [FixtureModel],
    natural_keys: NaturalKeys,
    /// The rows of each model by their keys, as JSON.
    rows: HashMap<&'a str, HashMap<String, PortableRow>>,
    /// What rows of the models of [`SAME`] have in its columns.
    same: HashMap<&'a str, HashSet<String>>,
    zone: &'a TimeZone,
}

pub fn is_referred_to_by_number(label: &str) -> bool {
    REFERRED_TO.contains(&label)
}

impl<'a> Here<'a> {
    /// # Errors
    /// If the database does not answer.
    pub fn read(conn: &mut Connection, models: &'a [FixtureModel], zone: &'a TimeZone) -> Result<Self, FixtureError> {
        let natural_keys = NaturalKeys::read(conn, models)?;
        let mut here = Self { models, natural_keys, rows: HashMap::new(), same: HashMap::new(), zone };
        for model in models {
            let (Some(key), label) = (model.table.place(&model.table.key), model.label.as_str()) else { continue };
            let columns = columns_of(&SAME, label);
            let (rows, same) = (here.rows.entry(label).or_default(), here.same.entry(label).or_default());
            rows::read(conn, &model.table, |row| {
                let values = columns.iter().map(|name| model.table.place(name).map(|place| row[place].clone()));
                same.insert(values.collect::<Value>().to_string());
                rows.insert(row[key].to_string(), row);
                Ok::<_, FixtureError>(())
            })?;
        }
        Ok(here)
    }

    /// Removes names of objects that are not here from lists of permissions, and returns their number. Groups may come
    /// with the import.
    pub fn drop_missing(&self, object: &mut FixtureObject) -> usize {
        let mut missing = 0;
        let model = object.model.clone();
        let lists = references_of(&model);
        for reference in lists.filter(|reference| reference.is_many && is_made_here(reference.other)) {
            if let Some(Value::Array(others)) = object.fields.get_mut(reference.field) {
                let before = others.len();
                others.retain(|name| self.knows(reference.other, name));
                missing += before - others.len();
            }
        }
        missing
    }

    /// Whether the user and the content type of an entry of the admin's log are here or come with the import.
    pub fn refers_to_known(&self, object: &FixtureObject, names: &Names) -> bool {
        references_of(&object.model).filter(|reference| !reference.is_many).all(|reference| {
            let name = object.fields.get(reference.field).unwrap_or(&Value::Null);
            let comes_along = !is_made_here(reference.other) && names.has(reference.other, name);
            self.knows(reference.other, name) || comes_along
        })
    }

    /// Whether the object is here already.
    pub fn has(&self, object: &FixtureObject) -> bool {
        let label = object.model.as_str();
        if let Some(name) = Names::default().name(label, object) {
            return self.knows(label, &name);
        }
        let agrees = |row: &PortableRow| {
            columns_of(&AGREES, label).iter().any(|name| {
                self.place(label, name).is_some_and(|place| Some(&row[place]) == self.value(object, name).as_ref())
            })
        };
        if self.row(object).is_some_and(agrees) {
            return true;
        }
        let values = columns_of(&SAME, label).iter().map(|name| self.value(object, name));
        !columns_of(&SAME, label).is_empty()
            && self.same.get(label).is_some_and(|same| same.contains(&values.collect::<Value>().to_string()))
    }

    /// Whether another object has its number.
    pub fn is_taken(&self, object: &FixtureObject) -> bool {
        self.row(object).is_some()
    }

    fn row(&self, object: &FixtureObject) -> Option<&PortableRow> {
        self.rows.get(object.model.as_str())?.get(&object.pk.to_string())
    }

    fn place(&self, label: &str, column: &str) -> Option<usize> {
        self.models.iter().find(|model| model.label == label)?.table.place(column)
    }

    /// The value of an object for a column, as a row has it.
    fn value(&self, object: &FixtureObject, column: &str) -> Option<Value> {
        let model = self.models.iter().find(|model| model.label == object.model)?;
        if column == model.table.key {
            return Some(object.pk.clone());
        }
        let (field, shape, _) = model.fields().find(|(_, shape, _)| shape.name == column)?;
        from_fixture(shape.kind, object.fields.get(field)?, self.zone).ok()
    }

    fn knows(&self, label: &str, name: &Value) -> bool {
        let parts: Option<Vec<_>> = name.as_array().map(|parts| {
            parts.iter().map(|part| part.as_str().map_or_else(|| part.to_string(), str::to_owned)).collect()
        });
        parts.is_some_and(|parts| self.natural_keys.id(label, &parts).is_some())
    }
}

fn columns_of(of: &[(&str, &'static [&'static str])], label: &str) -> &'static [&'static str] {
    of.iter().find(|(model, _)| *model == label).map_or(&[], |(_, columns)| columns)
}
