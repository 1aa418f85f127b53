//! Reads posted values into a row.

use diesel::QueryResult;

use crate::admin::registry::descriptors::Meta;
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, OptionCache, Value};
use crate::admin::registry::registered::NamedValues;
use crate::admin::registry::sentence::SentencePart;
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::web::http::forms::Form;

pub(super) fn values<R>(fields: &'static [ModelField<R>], row: &R) -> Vec<Value> {
    fields.iter().map(|field| (field.get)(row)).collect()
}

/// Sets the fields that a form can change; values of other fields are ignored.
pub(super) fn assign<R>(fields: &'static [ModelField<R>], row: &mut R, values: NamedValues) {
    for (name, value) in values {
        if let Some(set) = fields.iter().find(|field| field.name == name).and_then(|field| field.set) {
            set(row, value);
        }
    }
}

/// Sets the fields of a row that is restored after its deletion, read-only ones with [`ModelField::restore`] included.
pub(super) fn assign_restored<R>(fields: &'static [ModelField<R>], row: &mut R, values: NamedValues) {
    for (name, value) in values {
        let field = fields.iter().find(|field| field.name == name);
        if let Some(set) = field.and_then(|field| field.restore.or(field.set)) {
            set(row, value);
        }
    }
}

/// Reads the posted values of all editable fields. As in Django, a field that was not posted is empty.
pub(super) fn read<R: 'static>(
    conn: &mut Connection,
    meta: Meta,
    options: &mut OptionCache,
    fields: impl Iterator<Item = &'static ModelField<R>>,
    row: &mut R,
    form: &Form,
    zone: &TimeZone,
) -> QueryResult<FieldErrors> {
    let mut errors = Vec::new();
    for field in fields {
        let Some(set) = field.set else { continue };
        let raw = field.kind.posted(form, field.name);
        // A program that does not know the field leaves its default, as in Django. (A browser sends every selection.)
        if matches!(field.kind, FieldKind::Choice(_)) && form.get(field.name).is_none() && !(field.get)(row).is_empty()
        {
            continue;
        }
        // A field whose inputs were not changed keeps its value without being read: a time keeps its fraction of a
        // second, which the inputs do not show, and a text that was stored under older rules stays valid.
        let is_kept = match field.kind {
            FieldKind::DateTime => true,
            FieldKind::Text { .. } => raw.iter().any(|text| !text.is_empty()),
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

/// An error for a text that the column cannot store. By Django's rule the table is named after app and model, and the
/// column after the field.
fn unstorable(conn: &mut Connection, meta: Meta, field: &str, value: &Value) -> QueryResult<Option<FieldError>> {
    let Value::Text(text) = value else {
        return Ok(None);
    };
    let lost = db::unstorable(conn, &meta.table(), field, text)?;
    let error = || FieldError::new("admin-error-unstorable").with("characters", SentencePart::Text(lost.clone()));
    Ok((!lost.is_empty()).then(error))
}
