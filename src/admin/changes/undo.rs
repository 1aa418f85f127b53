//! Undoing a change or a deletion, for a day, as long as nobody has changed the object since.

use chrono::TimeDelta;
use diesel::prelude::*;

use super::log;
use crate::admin::changes::change::{Author, Written};
use crate::admin::changes::log::{ActionFlag, Details, Entry};
use crate::admin::changes::snapshot::{Row, Snapshot};
use crate::admin::registry::erased::AdminModel;
use crate::admin::registry::model::Permission;
use crate::admin::schema::{admin_change, auth_user, django_admin_log, django_content_type};
use crate::clock;
use crate::db::{self, Connection};
use crate::web::Viewer;

/// How long an entry can be undone.
pub const UNDO_HOURS: i64 = 24;

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
    let found: Option<Entry> = django_admin_log::table
        .inner_join(auth_user::table)
        .left_join(django_content_type::table)
        .filter(django_admin_log::id.eq(entry))
        .filter(django_admin_log::action_time.gt(since))
        .select((
            django_admin_log::id,
            django_admin_log::action_time,
            django_admin_log::action_flag,
            django_admin_log::object_id,
            django_admin_log::object_repr,
            django_admin_log::change_message,
            auth_user::username,
            django_admin_log::author,
            django_content_type::app_label.nullable(),
            django_content_type::model.nullable(),
        ))
        .first(conn)
        .optional()?;
    let Some(entry) = found else {
        return Ok(None);
    };
    let pk = entry.object_id.as_deref().and_then(|pk| pk.parse().ok());
    let details = log::details(conn, entry.id)?;
    Ok(match (details, pk) {
        (Some(details), Some(pk)) if entry.action_flag != ActionFlag::Addition as i16 => {
            Some(Undoable { entry, details, pk })
        }
        _ => None,
    })
}

/// Whether a viewer can undo an entry now: nobody has undone it, the object is as the entry has left it, and they
/// may do what it takes.
///
/// # Errors
/// If the database does not answer.
pub fn is_open(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
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
    Ok(Snapshot::take(conn, model, undoable.pk).optional()? == undoable.details.after)
}

impl Undoable {
    /// App and model.
    pub fn model(&self) -> Option<(String, String)> {
        self.entry.app_label.clone().zip(self.entry.model.clone())
    }

    /// What the person must be allowed: the opposite of what was done, to the object and to its rows.
    pub fn needs(&self, model: &dyn AdminModel) -> Vec<String> {
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
            let (before, after) = (rows(&self.details.before), rows(&self.details.after));
            let lacks = |rows: &[Row], row: &Row| !rows.iter().any(|other| other.pk == row.pk);
            let differs = |row: &Row| after.iter().any(|now| now.pk == row.pk && now.fields != row.fields);
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
    pub fn expect_open(&self, conn: &mut Connection, model: &dyn AdminModel) -> Result<(), NotUndone> {
        let open = admin_change::table.find(self.entry.id).filter(admin_change::undone_at.is_null());
        let before = self.details.before.as_ref().ok_or(NotUndone::Gone)?;
        if open.count().get_result::<i64>(conn)? == 0 {
            return Err(NotUndone::Gone);
        }
        let now = Snapshot::take(conn, model, self.pk).optional()?;
        let there = now.as_ref().map(|_| self.pk);
        if now != self.details.after || !model.clean(conn, there, &before.values(&model.fields()))?.is_empty() {
            return Err(self.changed());
        }
        Ok(())
    }

    /// Goes back, and says so in the log; returns what the object is then. To be run in a transaction.
    ///
    /// # Errors
    /// [`NotUndone`].
    pub fn undo(
        &self,
        conn: &mut Connection,
        model: &'static dyn AdminModel,
        author: &Author<'_>,
    ) -> Result<Written, NotUndone> {
        // Taken first: of two who undo the same entry at once, one finds nothing.
        let taken = diesel::update(admin_change::table.find(self.entry.id))
            .filter(admin_change::undone_at.is_null())
            .set(admin_change::undone_at.eq(clock::now()))
            .execute(conn)?;
        let before = self.details.before.as_ref().filter(|_| taken == 1).ok_or(NotUndone::Gone)?;
        let values = before.values(&model.fields());
        model.lock(conn, self.pk)?;
        let (flag, message) = if let Some(after) = &self.details.after {
            let now = Snapshot::take(conn, model, self.pk).optional()?;
            if now.as_ref() != Some(after) || !model.clean(conn, Some(self.pk), &values)?.is_empty() {
                return Err(self.changed());
            }
            if !restore_values(conn, model, self.pk, before, after)? {
                return Err(self.changed());
            }
            let fields = self.changed_fields(model, author);
            (ActionFlag::Change, log::undone(&fields))
        } else {
            if model.find(conn, self.pk).optional()?.is_some() || !model.clean(conn, None, &values)?.is_empty() {
                return Err(self.changed());
            }
            model.restore(conn, self.pk, &values)?;
            for inline in model.inlines() {
                for row in before.inlines.get(inline.prefix()).into_iter().flatten() {
                    inline.restore(conn, self.pk, row.pk, &row.values(&inline.fields()))?;
                }
            }
            (ActionFlag::Addition, log::restored())
        };
        let label = model.find(conn, self.pk)?.label;
        let entry = log::write(conn, author.viewer.id, model.meta(), (self.pk, &label), flag, Some(&message))?;
        let after = Some(Snapshot::take(conn, model, self.pk)?);
        log::keep(conn, entry, &Details { before: self.details.after.clone(), after })?;
        // Named as what was done to it named it.
        Ok(Written { pk: self.pk, label: self.entry.object_repr.clone(), entry })
    }

    fn changed(&self) -> NotUndone {
        NotUndone::Changed(self.pk, self.entry.object_repr.clone())
    }

    fn changed_fields(&self, model: &dyn AdminModel, author: &Author<'_>) -> Vec<String> {
        let (Some(before), Some(after)) = (&self.details.before, &self.details.after) else {
            return Vec::new();
        };
        let english = |label: &str| author.catalogue.text(crate::web::pages::i18n::Language::English, label, None);
        before.differences(after, model).iter().map(|difference| english(difference.label)).collect()
    }
}

/// Writes the earlier values back: rows that were added go, rows that were deleted come again, and votes
/// are no values. False where a row is voted for by now: it stays, and with it the change.
fn restore_values(
    conn: &mut Connection,
    model: &'static dyn AdminModel,
    pk: i64,
    before: &Snapshot,
    after: &Snapshot,
) -> QueryResult<bool> {
    model.save(conn, Some(pk), &before.values(&model.fields()))?;
    let none = Vec::new();
    for inline in model.inlines() {
        let fields = inline.fields();
        let old = before.inlines.get(inline.prefix()).unwrap_or(&none);
        let new = after.inlines.get(inline.prefix()).unwrap_or(&none);
        for row in new.iter().filter(|row| !old.iter().any(|was| was.pk == row.pk)) {
            if inline.is_in_use(conn, row.pk)? {
                return Ok(false);
            }
            inline.delete(conn, pk, row.pk)?;
        }
        for row in old {
            match new.iter().find(|now| now.pk == row.pk) {
                Some(now) if now.fields == row.fields => {}
                Some(_) => {
                    inline.save(conn, pk, Some(row.pk), &row.values(&fields))?;
                }
                None => inline.restore(conn, pk, row.pk, &row.values(&fields))?,
            }
        }
    }
    Ok(true)
}
