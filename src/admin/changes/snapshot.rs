//! An object's editable values at one moment. The history compares two snapshots, a form that is out of date is
//! recognised by one, and an undo restores one. Totals of votes are not in a snapshot, so a vote never makes an open
//! form out of date.

use std::collections::{BTreeMap, BTreeSet};

use diesel::QueryResult;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::admin::registry::field::{FieldKind, OptionCache, Value};
use crate::admin::registry::registered::{FieldMeta, NamedValues, Record, RegisteredInline, RegisteredModel};
use crate::db::Connection;
use crate::web::http::secrets;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
pub struct Snapshot {
    pub fields: Map<String, Json>,
    /// The rows of each inline, by the prefix of its formset.
    pub inlines: BTreeMap<String, Vec<RowSnapshot>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowSnapshot {
    pub pk: i64,
    pub label: String,
    pub fields: Map<String, Json>,
}

/// A field whose value differs between two snapshots.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The name of the inline row; empty for a field of the object itself.
    pub row: String,
    /// The message id of the field's label.
    pub label: &'static str,
    pub kind: FieldKind,
    pub before: Json,
    pub after: Json,
}

/// The rows of an object's inlines, in the order of the model's inlines.
pub type InlineRows = Vec<Vec<Record>>;

/// # Errors
/// If the database does not answer.
pub fn inline_rows(conn: &mut Connection, model: &dyn RegisteredModel, pk: i64) -> QueryResult<InlineRows> {
    model.inlines().iter().map(|inline| inline.records(conn, pk)).collect()
}

impl Snapshot {
    pub fn of(model: &dyn RegisteredModel, record: &Record, rows: &[Vec<Record>]) -> Self {
        let mut inlines = BTreeMap::new();
        for (inline, rows) in model.inlines().iter().zip(rows) {
            inlines.insert(inline.prefix().to_owned(), rows.iter().map(|row| RowSnapshot::of(*inline, row)).collect());
        }
        Self { fields: editable(&model.fields(), record), inlines }
    }

    /// The snapshot of an object that is about to be deleted. It also has the read-only values that a restore brings
    /// back.
    pub fn of_whole(model: &dyn RegisteredModel, record: &Record, rows: &[Vec<Record>]) -> Self {
        let fields = kept(&model.fields(), record, |field| field.restored);
        Self { fields, ..Self::of(model, record, rows) }
    }

    /// # Errors
    /// `NotFound` if there is no such object, or if the database does not answer.
    pub fn read(conn: &mut Connection, model: &dyn RegisteredModel, pk: i64) -> QueryResult<Self> {
        let record = model.find(conn, pk)?;
        Ok(Self::of(model, &record, &inline_rows(conn, model, pk)?))
    }

    /// Whether both have the same values. A field that only one of them has is not compared: a release with other
    /// fields may have written that snapshot.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let rows_agree =
            |(row, other): (&RowSnapshot, &RowSnapshot)| row.pk == other.pk && fields_agree(&row.fields, &other.fields);
        let inlines_agree = self.inlines.iter().all(|(prefix, rows)| {
            other
                .inlines
                .get(prefix)
                .is_none_or(|others| rows.len() == others.len() && rows.iter().zip(others).all(rows_agree))
        });
        inlines_agree && fields_agree(&self.fields, &other.fields)
    }

    /// The form's version: the hash of each field, of each inline's row ids, and of each field of those rows. They are
    /// separate so that two releases with different fields can compare the fields that both have.
    pub fn version(&self) -> String {
        let versions: Vec<_> = self.versions().map(|(key, version)| format!("{key}={version}")).collect();
        versions.join(" ")
    }

    /// Whether the object has changed since a form with this version was made: a field that both know has another hash,
    /// or they know no field in common.
    pub fn is_newer_than(&self, version: &str) -> bool {
        let made: BTreeMap<&str, &str> = version.split(' ').filter_map(|part| part.split_once('=')).collect();
        let mut is_known = false;
        for (key, now) in self.versions() {
            match made.get(key.as_str()) {
                Some(was) if *was != now => return true,
                Some(_) => is_known = true,
                None => {}
            }
        }
        !is_known
    }

    fn versions(&self) -> impl Iterator<Item = (String, String)> {
        let fields = self.fields.iter().map(|(name, value)| (name.clone(), short_hash(&value.to_string())));
        let rows = self.inlines.iter().flat_map(|(prefix, rows)| {
            let pks: Vec<_> = rows.iter().map(|row| row.pk.to_string()).collect();
            let names: BTreeSet<&String> = rows.iter().flat_map(|row| row.fields.keys()).collect();
            let of_field = move |name: &String| {
                let values: Vec<_> = rows.iter().map(|row| row.fields.get(name)).collect();
                (format!("{prefix}.{name}"), short_hash(&json!(values).to_string()))
            };
            let fields: Vec<_> = names.into_iter().map(of_field).collect();
            std::iter::once((prefix.clone(), short_hash(&pks.join(" ")))).chain(fields)
        });
        fields.chain(rows)
    }

    /// The values of those of the model's fields that this snapshot has.
    pub fn values(&self, fields: &[FieldMeta]) -> NamedValues {
        named_values(&self.fields, fields)
    }

    /// The fields whose values differ in `after`.
    pub fn differences(&self, after: &Self, model: &dyn RegisteredModel) -> Vec<Difference> {
        let mut differences = compare("", &model.fields(), &self.fields, &after.fields);
        let none = Vec::new();
        for inline in model.inlines() {
            let fields = inline.fields();
            let rows = |snapshot: &Self| snapshot.inlines.get(inline.prefix()).unwrap_or(&none).clone();
            let old = rows(self);
            let new = rows(after);
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
    /// Replaces the ids of related objects by the objects' names, or by `#id` for an object without a name.
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
                (FieldKind::ForeignKey(_) | FieldKind::Searched(_), id @ Json::Number(_)) => Json::String(name(id)?),
                (FieldKind::Many(_), Json::Array(ids)) => {
                    Json::String(ids.iter().map(&mut name).collect::<QueryResult<Vec<_>>>()?.join(", "))
                }
                (_, other) => other.clone(),
            };
        }
        Ok(())
    }
}

impl RowSnapshot {
    fn of(inline: &dyn RegisteredInline, record: &Record) -> Self {
        Self {
            pk: record.pk.unwrap_or_default(),
            label: record.label.clone(),
            fields: editable(&inline.fields(), record),
        }
    }

    pub fn values(&self, fields: &[FieldMeta]) -> NamedValues {
        named_values(&self.fields, fields)
    }
}

fn editable(fields: &[FieldMeta], record: &Record) -> Map<String, Json> {
    kept(fields, record, |field| field.editable)
}

fn kept(fields: &[FieldMeta], record: &Record, which: fn(&FieldMeta) -> bool) -> Map<String, Json> {
    let pairs = fields.iter().zip(&record.values).filter(|(field, _)| which(field) && field.kind.is_data());
    pairs.map(|(field, value)| (field.name.to_owned(), value.json())).collect()
}

fn named_values(json: &Map<String, Json>, fields: &[FieldMeta]) -> NamedValues {
    let value = |field: &FieldMeta| Some((field.name, Value::of_json(field.kind, json.get(field.name)?)));
    fields.iter().filter_map(value).collect()
}

fn fields_agree(fields: &Map<String, Json>, others: &Map<String, Json>) -> bool {
    fields.iter().all(|(name, value)| others.get(name).is_none_or(|other| other == value))
}

/// The first 64 bits of a hash. That is enough to detect an accidental change; nothing here protects against values
/// that are chosen to collide.
fn short_hash(text: &str) -> String {
    let mut hash = secrets::digest(text);
    hash.truncate(16);
    hash
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
        // A box that is not ticked is nothing to tell of a row that was added or deleted.
        .filter(|difference| ![&difference.before, &difference.after].iter().all(|value| is_blank(value)))
        .collect()
}

fn is_blank(value: &Json) -> bool {
    matches!(value, Json::Null | Json::Bool(false))
}
