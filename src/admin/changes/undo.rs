//! Undoing a change or a deletion: possible for [`UNDO_HOURS`], as long as the object was not changed again.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::log;
use crate::admin::changes::log::{ActionFlag, Details, Entry};
use crate::admin::changes::log::{Author, LoggedChange};
use crate::admin::changes::snapshot::{self, RowSnapshot, Snapshot};
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::registered::{Record, RegisteredModel};
use crate::admin::schema::{admin_change, django_admin_log, django_content_type};
use crate::clock;
use crate::db::{self, Connection};
use crate::web::Viewer;

/// For how many hours an entry can be undone.
pub const UNDO_HOURS: i64 = 24;

/// How many entries one request can undo at most.
pub const UNDONE_AT_ONCE: usize = 1000;

/// An entry of the log with the values that undoing it needs, and the primary key of its object.
pub struct Undoable {
    pub entry: Entry,
    pub details: Details,
    pub pk: i64,
}

/// Why an entry was not undone. In these cases nothing is changed.
#[derive(Debug, thiserror::Error)]
pub enum NotUndone {
    #[error("there is nothing to undo, or no longer")]
    Gone,
    #[error("the permission {0} is lacking")]
    Denied(String),
    /// The primary key and the name of the object.
    #[error("the object {0} has been changed since")]
    Changed(i64, String),
    #[error(transparent)]
    Database(#[from] db::DatabaseError),
}

impl From<diesel::result::Error> for NotUndone {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The app label and the model name of an entry's object; None if there is no such entry.
///
/// # Errors
/// If the database does not answer.
pub fn model_of(conn: &mut Connection, entry: i32) -> QueryResult<Option<(String, String)>> {
    django_admin_log::table
        .inner_join(django_content_type::table)
        .filter(django_admin_log::id.eq(entry))
        .select((django_content_type::app_label, django_content_type::model))
        .first(conn)
        .optional()
}

/// An entry by any author, if it can be undone: it is at most [`UNDO_HOURS`] old, is not an addition, and its values
/// are saved.
///
/// # Errors
/// If the database does not answer.
pub fn find(conn: &mut Connection, entry: i32) -> QueryResult<Option<Undoable>> {
    let since = clock::now() - TimeDelta::hours(UNDO_HOURS);
    let is_undoable = |entry: &Entry| entry.action_time > since && entry.action_flag != ActionFlag::Addition as i16;
    let Some(entry) = log::entry(conn, entry)?.filter(is_undoable) else {
        return Ok(None);
    };
    let Some(pk) = entry.object_id.as_deref().and_then(|pk| pk.parse().ok()) else {
        return Ok(None);
    };
    let details = log::details(conn, entry.id)?;
    Ok(details.map(|details| Undoable { entry, details, pk }))
}

/// Whether a viewer can undo an entry now: it was not undone before, the object still has the values of the entry, and
/// the viewer has the permissions.
///
/// # Errors
/// If the database does not answer.
pub fn is_open(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    entry: i32,
    viewer: &Viewer,
) -> QueryResult<bool> {
    if !model.can_be_undone() {
        return Ok(false);
    }
    let Some(undoable) = find(conn, entry)? else {
        return Ok(false);
    };
    let open = admin_change::table.find(entry).filter(admin_change::undone_at.is_null());
    if !undoable.needs(model).iter().all(|needed| viewer.can(needed)) || open.count().get_result::<i64>(conn)? == 0 {
        return Ok(false);
    }
    let now = Snapshot::read(conn, model, undoable.pk).optional()?;
    Ok(is_as_left(now.as_ref(), undoable.details.after.as_ref()))
}

impl Undoable {
    /// The app label and the model name of the entry's object.
    pub fn model(&self) -> Option<(String, String)> {
        self.entry.app_label.clone().zip(self.entry.model.clone())
    }

    /// The permissions that an undo needs. They belong to the opposite of what was done to the object and to its inline
    /// rows: to undo a deletion one must be allowed to add.
    pub fn needs(&self, model: &dyn RegisteredModel) -> Vec<String> {
        let own = if self.details.after.is_some() { Permission::Change } else { Permission::Add };
        let mut needs = vec![model.meta().permission(own)];
        for inline in model.inlines() {
            let rows = |snapshot: &Option<Snapshot>| {
                snapshot
                    .as_ref()
                    .and_then(|snapshot| snapshot.inlines.get(inline.prefix()))
                    .cloned()
                    .unwrap_or_default()
            };
            let before = rows(&self.details.before);
            let after = rows(&self.details.after);
            let lacks = |rows: &[RowSnapshot], row: &RowSnapshot| !rows.iter().any(|other| other.pk == row.pk);
            let differs = |row: &RowSnapshot| after.iter().any(|now| now.pk == row.pk && now.fields != row.fields);
            let of_rows = [
                (Permission::Add, before.iter().any(|row| lacks(&after, row))),
                (Permission::Delete, after.iter().any(|row| lacks(&before, row))),
                (Permission::Change, before.iter().any(differs)),
            ];
            let needed = of_rows.iter().filter(|(_, needed)| *needed);
            needs.extend(needed.map(|(permission, _)| inline.meta().permission(*permission)));
        }
        needs
    }

    /// Checks whether the undo is possible now. Does not lock the object, so [`Self::undo`] checks again.
    ///
    /// # Errors
    /// As [`Self::undo`].
    pub fn expect_open(&self, conn: &mut Connection, model: &dyn RegisteredModel) -> Result<(), NotUndone> {
        let open = admin_change::table.find(self.entry.id).filter(admin_change::undone_at.is_null());
        let before = self.details.before.as_ref().ok_or(NotUndone::Gone)?;
        if open.count().get_result::<i64>(conn)? == 0 {
            return Err(NotUndone::Gone);
        }
        let now = Snapshot::read(conn, model, self.pk).optional()?;
        if !is_as_left(now.as_ref(), self.details.after.as_ref()) {
            return Err(self.changed());
        }
        let mut session = model.edit(conn, now.map(|_| self.pk))?;
        session.assign(before.values(&model.fields()));
        if session.clean(conn)?.is_empty() { Ok(()) } else { Err(self.changed()) }
    }

    /// Restores the earlier values, logs that, and returns the object's name and the id of the new entry. Must run in a
    /// transaction.
    ///
    /// # Errors
    /// [`NotUndone::Gone`] if the entry was undone before or has no earlier values, [`NotUndone::Changed`] if the
    /// object has changed since or the earlier values are no longer valid, [`NotUndone::Database`] if the database does
    /// not answer.
    pub fn undo(
        &self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        author: &Author<'_>,
    ) -> Result<LoggedChange, NotUndone> {
        // Marked as undone first: if two requests undo the same entry at once, the second updates no row and stops
        // here.
        let taken = diesel::update(admin_change::table.find(self.entry.id))
            .filter(admin_change::undone_at.is_null())
            .set(admin_change::undone_at.eq(clock::now()))
            .execute(conn)?;
        let before = self.details.before.as_ref().filter(|_| taken == 1).ok_or(NotUndone::Gone)?;
        model.lock(conn, self.pk)?;
        let (record, flag, message) = if let Some(after) = &self.details.after {
            let record = self.take_back(conn, model, before, after)?;
            (record, ActionFlag::Change, log::undone(&self.changed_fields(model, author)))
        } else {
            let record = self.bring_back(conn, model, before)?;
            (record, ActionFlag::Addition, log::restored())
        };
        let object = (self.pk, record.label.as_str());
        let entry = log::write(conn, author.viewer.id, model.meta(), object, flag, Some(&message))?;
        let after = Some(Snapshot::of(model, &record, &snapshot::inline_rows(conn, model, self.pk)?));
        log::keep(conn, entry, &Details { before: self.details.after.clone(), after })?;
        // With the name that the object had in the undone entry, so that the message after the undo names it as the
        // page did.
        Ok(LoggedChange { pk: self.pk, label: self.entry.object_repr.clone(), entry })
    }

    /// Undoes a change: writes the values from before the change back.
    fn take_back(
        &self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        before: &Snapshot,
        after: &Snapshot,
    ) -> Result<Record, NotUndone> {
        let Some(mut session) = model.edit(conn, Some(self.pk)).optional()? else {
            return Err(self.changed());
        };
        let rows = snapshot::inline_rows(conn, model, self.pk)?;
        if !after.agrees_with(&Snapshot::of(model, &session.record(), &rows)) {
            return Err(self.changed());
        }
        session.assign(before.values(&model.fields()));
        if !session.clean(conn)?.is_empty() {
            return Err(self.changed());
        }
        session.save(conn)?;
        if !restore_rows(conn, model, self.pk, before, after)? {
            return Err(self.changed());
        }
        Ok(session.record())
    }

    /// Undoes a deletion: inserts the object and its inline rows again.
    fn bring_back(
        &self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        before: &Snapshot,
    ) -> Result<Record, NotUndone> {
        if model.find(conn, self.pk).optional()?.is_some() {
            return Err(self.changed());
        }
        let mut session = model.edit(conn, None)?;
        session.assign(before.values(&model.fields()));
        if !session.clean(conn)?.is_empty() {
            return Err(self.changed());
        }
        session.restore(conn, self.pk, before.values(&model.fields()))?;
        for inline in model.inlines() {
            for row in before.inlines.get(inline.prefix()).into_iter().flatten() {
                inline.restore(conn, self.pk, row.pk, row.values(&inline.fields()))?;
            }
        }
        Ok(session.record())
    }

    fn changed(&self) -> NotUndone {
        NotUndone::Changed(self.pk, self.entry.object_repr.clone())
    }

    fn changed_fields(&self, model: &dyn RegisteredModel, author: &Author<'_>) -> Vec<String> {
        let (Some(before), Some(after)) = (&self.details.before, &self.details.after) else {
            return Vec::new();
        };
        before.differences(after, model).iter().map(|difference| author.english(difference.label)).collect()
    }
}

/// Whether an object has the values that an entry left. None stands for a deleted object.
fn is_as_left(now: Option<&Snapshot>, left: Option<&Snapshot>) -> bool {
    match (now, left) {
        (Some(now), Some(left)) => left.agrees_with(now),
        (None, None) => true,
        _ => false,
    }
}

/// Undoes the changes of inline rows: deletes the rows that were added and inserts the rows that were deleted. False if
/// a row that was added is in use (a choice that has votes); then the whole undo is refused.
fn restore_rows(
    conn: &mut Connection,
    model: &'static dyn RegisteredModel,
    pk: i64,
    before: &Snapshot,
    after: &Snapshot,
) -> QueryResult<bool> {
    let none = Vec::new();
    for inline in model.inlines() {
        let fields = inline.fields();
        let old = before.inlines.get(inline.prefix()).unwrap_or(&none);
        let new = after.inlines.get(inline.prefix()).unwrap_or(&none);
        let in_use = inline.in_use(conn, pk)?;
        for row in new.iter().filter(|row| !old.iter().any(|was| was.pk == row.pk)) {
            if in_use.contains(&row.pk) {
                return Ok(false);
            }
            inline.delete(conn, row.pk)?;
        }
        for row in old {
            match new.iter().find(|now| now.pk == row.pk) {
                Some(now) if now.fields == row.fields => {}
                Some(_) => {
                    inline.save(conn, pk, Some(row.pk), row.values(&fields))?;
                }
                None => inline.restore(conn, pk, row.pk, row.values(&fields))?,
            }
        }
    }
    Ok(true)
}
