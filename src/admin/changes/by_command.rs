//! Adds and changes objects for commands, with the checks, the permissions and the history of the admin's form.

use diesel::OptionalExtension as _;

use super::change::{self, Submitted};
use super::log::{Author, LoggedChange};
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{FieldError, FieldKind};
use crate::admin::registry::registered::{Record, RegisteredModel};
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
            None => model.initial(),
        };
        // The last value of a name counts.
        let form = saved_inputs(model, &record, author.zone).into_iter().chain(typed).collect();
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

/// What the form of an object holds before anybody types.
fn saved_inputs(model: &dyn RegisteredModel, record: &Record, zone: &TimeZone) -> TypedInputs {
    let fields = model.fields();
    let editable = fields.iter().zip(&record.values).filter(|(field, _)| field.editable);
    editable.flat_map(|(field, value)| field.kind.keys(field.name).into_iter().zip(value.raw(zone))).collect()
}
