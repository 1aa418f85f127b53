//! Deleting one object: whether it may be, and how the log keeps what it was.

use crate::admin::changes::log::{self, ActionFlag, Author, Details, LoggedChange};
use crate::admin::changes::snapshot::{self, Snapshot};
use crate::admin::registry::field::FieldError;
use crate::admin::registry::registered::{EditSession, RegisteredModel};
use crate::db::{self, Connection};

/// Why an object is not deleted; nothing is changed then.
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

/// Looks whether an object may be deleted.
///
/// # Errors
/// [`NotDeleted`].
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

/// Deletes an object.
///
/// # Errors
/// [`NotDeleted`].
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
