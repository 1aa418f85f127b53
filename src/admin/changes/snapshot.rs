//! An object's editable values at one moment: what the history compares, a stale form is known by, and
//! an undo goes back to. Totals of votes are not among them, so that votes never make a form stale.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::admin::registry::erased::{AdminModel, FieldMeta, InlineModel, Record};
use crate::admin::registry::field::{Kind, OptionCache, Value};
use crate::db::Connection;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Snapshot {
    pub fields: Map<String, Json>,
    /// Formset prefix → rows.
    pub inlines: std::collections::BTreeMap<String, Vec<Row>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub pk: i64,
    pub label: String,
    pub fields: Map<String, Json>,
}

/// A value that is not what it was.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The row of an inline, by name; empty for the object itself.
    pub row: String,
    /// The field's message.
    pub label: &'static str,
    pub kind: Kind,
    pub before: Json,
    pub after: Json,
}

impl Snapshot {
    /// # Errors
    /// `NotFound`, or if the database does not answer.
    pub fn take(conn: &mut Connection, model: &dyn AdminModel, pk: i64) -> QueryResult<Self> {
        let record = model.find(conn, pk)?;
        let mut inlines = std::collections::BTreeMap::new();
        for inline in model.inlines() {
            let rows = inline.records(conn, pk)?;
            inlines.insert(inline.prefix().to_owned(), rows.iter().map(|row| Row::of(*inline, row)).collect());
        }
        Ok(Self { fields: editable(&model.fields(), &record), inlines })
    }

    /// The same of an object that is deleted, with what comes back with it besides.
    ///
    /// # Errors
    /// `NotFound`, or if the database does not answer.
    pub fn take_whole(conn: &mut Connection, model: &dyn AdminModel, pk: i64) -> QueryResult<Self> {
        let fields = kept(&model.fields(), &model.find(conn, pk)?, |field| field.restored);
        Ok(Self { fields, ..Self::take(conn, model, pk)? })
    }

    /// A short name for exactly these values.
    pub fn version(&self) -> String {
        let mut hasher = DefaultHasher::new();
        serde_json::to_string(self).unwrap_or_default().hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }

    /// The values in the order of the model's fields, for [`AdminModel::save`].
    pub fn values(&self, fields: &[FieldMeta]) -> Vec<Value> {
        values(&self.fields, fields)
    }

    /// What is different in `after`.
    pub fn differences(&self, after: &Self, model: &dyn AdminModel) -> Vec<Difference> {
        let mut differences = compare("", &model.fields(), &self.fields, &after.fields);
        let none = Vec::new();
        for inline in model.inlines() {
            let fields = inline.fields();
            let rows = |snapshot: &Self| snapshot.inlines.get(inline.prefix()).unwrap_or(&none).clone();
            let (old, new) = (rows(self), rows(after));
            for row in &old {
                let now = new.iter().find(|now| now.pk == row.pk).map(|now| now.fields.clone()).unwrap_or_default();
                differences.extend(compare(&row.label, &fields, &row.fields, &now));
            }
            for row in new.iter().filter(|row| !old.iter().any(|was| was.pk == row.pk)) {
                differences.extend(compare(&row.label, &fields, &Map::new(), &row.fields));
            }
        }
        differences
    }
}

impl Difference {
    /// Puts the names of related objects in the place of their ids.
    ///
    /// # Errors
    /// If the database does not answer.
    pub fn name_objects(&mut self, conn: &mut Connection, options: &mut OptionCache) -> QueryResult<()> {
        let kind = self.kind;
        let mut name = |id: &Json| -> QueryResult<String> {
            let known = id.as_i64().map_or(Ok(None), |id| options.name(conn, kind, id))?;
            Ok(known.unwrap_or_else(|| format!("#{id}")))
        };
        for value in [&mut self.before, &mut self.after] {
            *value = match (kind, &*value) {
                (Kind::ForeignKey(_) | Kind::Searched(_), id @ Json::Number(_)) => Json::String(name(id)?),
                (Kind::Many(_), Json::Array(ids)) => {
                    Json::String(ids.iter().map(&mut name).collect::<QueryResult<Vec<_>>>()?.join(", "))
                }
                (_, other) => other.clone(),
            };
        }
        Ok(())
    }
}

impl Row {
    fn of(inline: &dyn InlineModel, record: &Record) -> Self {
        Self {
            pk: record.pk.unwrap_or_default(),
            label: record.label.clone(),
            fields: editable(&inline.fields(), record),
        }
    }

    pub fn values(&self, fields: &[FieldMeta]) -> Vec<Value> {
        values(&self.fields, fields)
    }
}

fn editable(fields: &[FieldMeta], record: &Record) -> Map<String, Json> {
    kept(fields, record, |field| field.editable)
}

fn kept(fields: &[FieldMeta], record: &Record, which: fn(&FieldMeta) -> bool) -> Map<String, Json> {
    let pairs = fields.iter().zip(&record.values).filter(|(field, _)| which(field) && field.kind.is_data());
    pairs.map(|(field, value)| (field.name.to_owned(), value.json())).collect()
}

fn values(json: &Map<String, Json>, fields: &[FieldMeta]) -> Vec<Value> {
    fields.iter().map(|field| Value::of_json(field.kind, json.get(field.name).unwrap_or(&Json::Null))).collect()
}

fn compare(row: &str, fields: &[FieldMeta], old: &Map<String, Json>, new: &Map<String, Json>) -> Vec<Difference> {
    let value = |map: &Map<String, Json>, name: &str| map.get(name).cloned().unwrap_or(Json::Null);
    fields
        .iter()
        .filter(|field| field.editable)
        .map(|field| Difference {
            row: row.to_owned(),
            label: field.label,
            kind: field.kind,
            before: value(old, field.name),
            after: value(new, field.name),
        })
        .filter(|difference| difference.before != difference.after)
        .collect()
}
