//! Adds and changes objects for commands, with the checks, the permissions and the history of the admin's form.

use std::collections::BTreeSet;

use diesel::OptionalExtension as _;

use super::change::{self, Submitted};
use super::log::{Author, LoggedChange};
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{FieldError, FieldKind};
use crate::admin::registry::registered::{FieldMeta, Record, RegisteredInline, RegisteredModel};
use crate::admin::registry::site;
use crate::clock::TimeZone;
use crate::db::{self, Connection};

/// The inputs of a form that differ from what is saved, by their names.
pub type TypedInputs = Vec<(String, String)>;

/// Why an object was not saved.
#[derive(Debug)]
pub enum NotSaved {
    /// The author lacks this permission.
    Denied(String),
    /// There is no such object.
    Gone,
    /// Each error with the name of its field, or the text of its row.
    Invalid(Vec<(String, FieldError)>),
    Database(db::DatabaseError),
}

impl From<diesel::result::Error> for NotSaved {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The inputs of a field that is set to a text: a time is `2026-12-31 18:00`, in the site's zone.
///
/// # Errors
/// If the model's form has no such field; the text lists those that it has.
pub fn typed(model: &dyn RegisteredModel, name: &str, text: &str) -> Result<TypedInputs, String> {
    let fields: Vec<_> = model.fields().into_iter().filter(|field| field.editable).collect();
    let Some(field) = fields.iter().find(|field| field.name == name) else {
        let names: Vec<_> = fields.iter().map(|field| field.name).collect();
        return Err(format!("there is no field {name}; there are {}", names.join(", ")));
    };
    let parts = match field.kind {
        FieldKind::DateTime => {
            text.split_once([' ', 'T']).map_or_else(|| vec![text, ""], |(date, time)| vec![date, time])
        }
        _ => vec![text],
    };
    Ok(field.kind.keys(name).into_iter().zip(parts).map(|(key, part)| (key, part.to_owned())).collect())
}

/// Saves an object with these inputs, or adds one without `pk`.
///
/// # Errors
/// [`NotSaved`]; then nothing is changed.
pub fn save(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    pk: Option<i64>,
    typed: TypedInputs,
    author: &Author<'_>,
) -> Result<LoggedChange, NotSaved> {
    let permission = if pk.is_some() { Permission::Change } else { Permission::Add };
    if !site::may(author.viewer, model, permission) {
        return Err(NotSaved::Denied(model.meta().permission(permission)));
    }
    db::write(conn, |conn| {
        let record = match pk {
            Some(pk) => model.find(conn, pk).optional()?.ok_or(NotSaved::Gone)?,
            None => model.proposed(),
        };
        let mut inputs = inputs(&model.fields(), &record, "", author.zone);
        for inline in model.inlines() {
            let saved = pk.map(|pk| inline.records(conn, pk)).transpose()?.unwrap_or_default();
            inputs.extend(saved_rows(*inline, &saved, &typed, author.zone));
        }
        // The last value of a name counts.
        let form = inputs.into_iter().chain(typed).collect();
        match change::submit(conn, model, pk, &form, author)? {
            Submitted::Saved(saved) | Submitted::Repeated(saved) => Ok(saved),
            Submitted::Gone(_) => Err(NotSaved::Gone),
            Submitted::Invalid(contents, _) => {
                let of_object = contents.errors.into_iter().map(|(name, error)| (name.to_owned(), error));
                let rows = contents.inlines.into_iter().flat_map(|inline| inline.rows);
                let of_rows = rows.flat_map(|row| {
                    let text = row.record.label;
                    row.errors.into_iter().map(move |(_, error)| (text.clone(), error))
                });
                Err(NotSaved::Invalid(of_object.chain(of_rows).collect()))
            }
        }
    })
}

/// What a form holds before anybody types, in the rows of an inline that `typed` names: `{prefix}-{row}-{field}`.
fn saved_rows(inline: &dyn RegisteredInline, saved: &[Record], typed: &TypedInputs, zone: &TimeZone) -> TypedInputs {
    let beginning = format!("{}-", inline.prefix());
    let rows: BTreeSet<&str> =
        typed.iter().filter_map(|(name, _)| Some(name.strip_prefix(&beginning)?.split_once('-')?.0)).collect();
    let empty = inline.empty();
    let of_row = |row: &str| {
        let beginning = format!("{beginning}{row}-");
        let pk = typed.iter().find(|(name, _)| *name == format!("{beginning}id")).and_then(|(_, pk)| pk.parse().ok());
        let record = saved.iter().find(|record| pk.is_some() && record.pk == pk).unwrap_or(&empty);
        inputs(&inline.fields(), record, &beginning, zone)
    };
    rows.into_iter().flat_map(of_row).collect()
}

/// The inputs of a record, each name after `beginning`.
fn inputs(fields: &[FieldMeta], record: &Record, beginning: &str, zone: &TimeZone) -> TypedInputs {
    let editable = fields.iter().zip(&record.values).filter(|(field, _)| field.editable);
    let keys = editable.flat_map(|(field, value)| field.kind.keys(field.name).into_iter().zip(value.raw(zone)));
    keys.map(|(key, text)| (format!("{beginning}{key}"), text)).collect()
}
