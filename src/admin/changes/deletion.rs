//! Deleting one object: checks whether it is allowed, and keeps the object's values in the log for an undo.

use crate::admin::changes::log::{self, ActionFlag, Author, Details, LoggedChange};
use crate::admin::changes::snapshot::{self, Snapshot};
use crate::admin::registry::field::FieldError;
use crate::admin::registry::registered::{EditSession, RegisteredModel};
use crate::db::{self, Connection};

/// Why an object was not deleted. In these cases nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum NotDeleted {
    #[error("the permission {0} is lacking")]
    Denied(String),
    #[error("this very object must stay: {}", .0.message)]
    Forbidden(FieldError),
    #[error(transparent)]
    Database(#[from] db::DatabaseError),
}

impl From<diesel::result::Error> for NotDeleted {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Checks whether the author may delete an object. Changes nothing.
///
/// # Errors
/// [`NotDeleted::Denied`] if a permission is missing, [`NotDeleted::Forbidden`] if the model refuses the deletion of
/// this object, [`NotDeleted::Database`] if the object is not there or the database does not answer.
pub fn expect_deletable(
    conn: &mut Connection,
    model: &dyn RegisteredModel,
    pk: i64,
    author: &Author<'_>,
) -> Result<Box<dyn EditSession>, NotDeleted> {
    let session = model.edit(conn, Some(pk))?;
    let plan = session.delete_plan(conn)?;
    if let Some(lacking) = plan.needs.into_iter().find(|permission| !author.viewer.can(permission)) {
        return Err(NotDeleted::Denied(lacking));
    }
    if let Some((_, error)) = session.forbids_deletion(conn, author.viewer)?.into_iter().next() {
        return Err(NotDeleted::Forbidden(error));
    }
    Ok(session)
}

/// Deletes an object and writes the log. Must run in a transaction.
///
/// # Errors
/// As [`expect_deletable`].
pub fn delete(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    pk: i64,
    author: &Author<'_>,
) -> Result<LoggedChange, NotDeleted> {
    model.lock(conn, pk)?;
    let session = expect_deletable(conn, model, pk, author)?;
    let record = session.record();
    let before = Snapshot::of_whole(model, &record, &snapshot::inline_rows(conn, model, pk)?);
    let object = (pk, record.label.as_str());
    let entry = log::write(conn, author.viewer.id, model.meta(), object, ActionFlag::Deletion, None)?;
    log::keep(conn, entry, &Details { before: Some(before), after: None })?;
    session.delete(conn)?;
    Ok(LoggedChange { pk, label: record.label, entry })
}
