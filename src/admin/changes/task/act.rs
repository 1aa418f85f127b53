//! Runs an action of a list on one object.

use diesel::QueryResult;

use crate::admin::changes::log::{self, ActionFlag, Author, Details, LoggedChange};
use crate::admin::changes::snapshot::{self, Snapshot};
use crate::admin::registry::descriptors::ListAction;
use crate::admin::registry::registered::RegisteredModel;
use crate::db::Connection;

/// The result of an action on one object.
pub(super) enum Acted {
    Changed(LoggedChange),
    Unchanged,
    /// The action does not apply to this object.
    Skipped,
}

/// Runs an action on an object, with what was typed for it, and logs the fields that it changed.
///
/// # Errors
/// `NotFound` if the object is deleted, or the database's error.
pub(super) fn act(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    pk: i64,
    action: &ListAction,
    input: &str,
    author: &Author<'_>,
) -> QueryResult<Acted> {
    model.lock(conn, pk)?;
    let before = Snapshot::read(conn, model, pk)?;
    if !(action.run)(conn, pk, input)? {
        return Ok(Acted::Skipped);
    }
    let record = model.find(conn, pk)?;
    let after = Snapshot::of(model, &record, &snapshot::inline_rows(conn, model, pk)?);
    let differences = before.differences(&after, model).into_iter();
    let fields: Vec<_> = differences.map(|difference| difference.label).collect();
    if fields.is_empty() {
        return Ok(Acted::Unchanged);
    }
    let message = log::changed(&fields, &[], |message| author.english(message));
    let object = (pk, record.label.as_str());
    let entry = log::write(conn, author.viewer.id, model.meta(), object, ActionFlag::Change, Some(&message))?;
    log::keep(conn, entry, &Details { before: Some(before), after: Some(after) })?;
    Ok(Acted::Changed(LoggedChange { pk, label: record.label, entry }))
}
