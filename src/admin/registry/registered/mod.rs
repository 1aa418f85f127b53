//! What joins the two: every `ModelAdmin` and `InlineAdmin`, once registered, shows the faces that the views know.

mod inline;
mod model;

use std::marker::PhantomData;

use diesel::QueryResult;

use crate::admin::registry::erased::FieldMeta;
use crate::admin::registry::field::{Field, FieldError, Kind, OptionCache, Value};
use crate::admin::registry::model::Meta;
use crate::admin::registry::sentence::Part;
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::web::http::forms::Form;

/// A registered model or inline.
pub struct Registered<A>(PhantomData<fn() -> A>);

impl<A> Registered<A> {
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<A> Default for Registered<A> {
    fn default() -> Self {
        Self::new()
    }
}

fn metas<R>(fields: &'static [Field<R>]) -> Vec<FieldMeta> {
    let meta = |field: &Field<R>| FieldMeta {
        name: field.name,
        label: field.label,
        help: field.help,
        autocomplete: field.autocomplete,
        kind: field.kind,
        related: field.related,
        required: field.required,
        editable: field.set.is_some(),
        restored: field.set.or(field.restore).is_some(),
    };
    fields.iter().map(meta).collect()
}

fn values<R>(fields: &'static [Field<R>], row: &R) -> Vec<Value> {
    fields.iter().map(|field| (field.get)(row)).collect()
}

/// A row with the values of a record put in, where they can be set.
fn assign<R>(fields: &'static [Field<R>], row: &mut R, values: &[Value]) {
    for (field, value) in fields.iter().zip(values) {
        if let Some(set) = field.set {
            set(row, value.clone());
        }
    }
}

/// Reads the inputs of those fields that can be set. As in Django, one that was not posted is empty.
fn read<R: 'static>(
    conn: &mut Connection,
    meta: Meta,
    options: &mut OptionCache,
    fields: impl Iterator<Item = &'static Field<R>>,
    row: &mut R,
    form: &Form,
    zone: &TimeZone,
) -> QueryResult<Vec<(&'static str, FieldError)>> {
    let mut errors = Vec::new();
    for field in fields {
        let Some(set) = field.set else { continue };
        let raw: Vec<String> = match field.kind {
            Kind::Many(_) => form.all(field.name).map(str::to_owned).collect(),
            Kind::Boolean => form.get(field.name).map(str::to_owned).into_iter().collect(),
            kind => kind.keys(field.name).iter().map(|key| form.get(key).unwrap_or_default().to_owned()).collect(),
        };
        // A moment that was left as it is keeps the part of its second, which no input shows, and a text stays that
        // would not be taken today.
        let is_kept = match field.kind {
            Kind::DateTime => true,
            Kind::Text { .. } => raw.iter().any(|text| !text.is_empty()),
            _ => false,
        };
        if is_kept && raw == (field.get)(row).raw(zone) {
            continue;
        }
        match field.kind.parse(&raw, field.required, zone) {
            Ok(value) => match options.check(conn, field.kind, value)? {
                Some(value) => match unstorable(conn, meta, field.name, &value)? {
                    Some(error) => errors.push((field.name, error)),
                    None => set(row, value),
                },
                None => errors.push((field.name, FieldError::new("admin-error-choice"))),
            },
            Err(error) => errors.push((field.name, error)),
        }
    }
    Ok(errors)
}

/// What is wrong with a text that the table cannot hold. Django's tables are named by app and model, and their columns
/// as the fields are.
fn unstorable(conn: &mut Connection, meta: Meta, field: &str, value: &Value) -> QueryResult<Option<FieldError>> {
    let Value::Text(text) = value else {
        return Ok(None);
    };
    let lost = db::unstorable(conn, &meta.table(), field, text)?;
    let error = || FieldError::new("admin-error-unstorable").with("characters", Part::Text(lost.clone()));
    Ok((!lost.is_empty()).then(error))
}
