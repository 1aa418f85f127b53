//! Undoing a change or a deletion, for a day, as long as nobody has changed the object since.

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

/// How long an entry can be undone.
pub const UNDO_HOURS: i64 = 24;

/// The most objects whose change or deletion is undone at once.
pub const UNDONE_AT_ONCE: usize = 1000;

/// What an entry did, and what undoing it takes.
pub struct Undoable {
    pub entry: Entry,
    pub details: Details,
    pub pk: i64,
}

/// Why an entry is not undone; nothing is changed then.
#[derive(Debug, thiserror::Error)]
pub enum NotUndone {
    #[error("there is nothing to undo, or no longer")]
    Gone,
    #[error("the permission {0} is lacking")]
    Denied(String),
    /// Id and name.
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

/// App and model of an entry.
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

/// An entry, whoever wrote it, if it can be undone at all.
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

/// Whether a viewer can undo an entry now: nobody has undone it, the object is as the entry has left it, and they
/// may do what it takes.
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
    /// App and model.
    pub fn model(&self) -> Option<(String, String)> {
        self.entry.app_label.clone().zip(self.entry.model.clone())
    }

    /// What the person must be allowed: the opposite of what was done, to the object and to its rows.
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

    /// Looks whether the object is as the entry has left it, and can go back. It may still be changed before it does.
    ///
    /// # Errors
    /// [`NotUndone`].
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

    /// Goes back, and says so in the log; returns what the object is then. To be run in a transaction.
    ///
    /// # Errors
    /// [`NotUndone`].
    pub fn undo(
        &self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        author: &Author<'_>,
    ) -> Result<LoggedChange, NotUndone> {
        // Taken first: of two who undo the same entry at once, one finds nothing.
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
        // Named as what was done to it named it.
        Ok(LoggedChange { pk: self.pk, label: self.entry.object_repr.clone(), entry })
    }

    /// Writes the values of before a change back.
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

    /// Brings back what was deleted.
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

/// Whether an object is as an entry has left it; None is one that is deleted.
fn is_as_left(now: Option<&Snapshot>, left: Option<&Snapshot>) -> bool {
    match (now, left) {
        (Some(now), Some(left)) => left.agrees_with(now),
        (None, None) => true,
        _ => false,
    }
}

/// Writes the earlier rows back: those that were added go, and those that were deleted come again. False where a row
/// that was added is in use by now (somebody has voted for the choice): it stays, and with it the change.
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
        for row in new.iter().filter(|row| !old.iter().any(|was| was.pk == row.pk)) {
            if inline.is_in_use(conn, row.pk)? {
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
