//! The kinds of work that a task can do, and how one object is processed.

use diesel::QueryResult;
use diesel::result::Error::NotFound;

use super::act::{Acted, act};
use crate::admin::changes::deletion::{self, NotDeleted};
use crate::admin::changes::duplicate;
use crate::admin::changes::log::{Author, LoggedChange};
use crate::admin::changes::undo;
use crate::admin::changes::undo::{NotUndone, Undoable};
use crate::admin::registry::descriptors::ListAction;
use crate::admin::registry::registered::RegisteredModel;
use crate::db::{self, Connection};

#[derive(Debug, Clone, Copy)]
pub enum Work {
    Delete,
    Act(&'static ListAction),
    /// Adds a copy of each object.
    Duplicate,
    /// Undoes log entries. The task's ids are those of the entries, the newest first.
    Undo,
}

/// The result of one step.
pub(super) enum Step {
    Changed(LoggedChange),
    Unchanged,
    /// The action does not apply to this object.
    Skipped,
    /// A part of the object's dependent rows was processed; the same object needs further steps.
    Partly,
    /// The object was deleted by somebody else.
    Gone,
}

/// Why a task did not start or stopped early.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    #[error(transparent)]
    NotDeleted(#[from] NotDeleted),
    #[error(transparent)]
    NotUndone(#[from] NotUndone),
    #[error(transparent)]
    Database(#[from] db::DatabaseError),
}

impl From<diesel::result::Error> for Stopped {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Stopped {
    /// Whether the error is temporary (a lock, a lost connection), so that the same step may succeed if it is tried
    /// again.
    pub(super) fn is_for_now(&self) -> bool {
        let (Self::Database(error)
        | Self::NotDeleted(NotDeleted::Database(error))
        | Self::NotUndone(NotUndone::Database(error))) = self
        else {
            return false;
        };
        matches!(error, db::DatabaseError::Busy(_) | db::DatabaseError::Unreachable(_))
    }

    /// The message id of the reason for people.
    pub(super) fn message(&self) -> &'static str {
        match self {
            Self::NotDeleted(NotDeleted::Denied(_)) | Self::NotUndone(NotUndone::Denied(_)) => "admin-task-denied",
            Self::NotDeleted(NotDeleted::Forbidden(_)) => "admin-task-must-stay",
            Self::NotUndone(NotUndone::Gone | NotUndone::Changed(..)) => "admin-task-changed",
            _ => "admin-task-database",
        }
    }
}

impl Work {
    pub fn name(self) -> &'static str {
        match self {
            Self::Delete => "delete_selected",
            Self::Act(action) => action.name,
            Self::Duplicate => "duplicate_selected",
            Self::Undo => "undo",
        }
    }

    /// The verb for the program's own log.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Delete => "deleted",
            Self::Act(_) => "changed",
            Self::Duplicate => "added",
            Self::Undo => "undid a change of",
        }
    }

    /// Checks whether the work is possible for all of these objects, before the first is changed. Objects may change
    /// between this check and their turn; then the task stops there.
    ///
    /// # Errors
    /// [`Stopped`] with the reason of the first object for which the work is not possible.
    pub(super) fn expect_possible(
        self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        ids: &[i64],
        author: &Author<'_>,
    ) -> Result<(), Stopped> {
        let mut seen = std::collections::HashSet::new();
        for id in ids {
            match self {
                Self::Act(_) | Self::Duplicate => return Ok(()),
                Self::Delete => match deletion::expect_deletable(conn, model, *id, author) {
                    Err(NotDeleted::Database(db::DatabaseError::Query(NotFound))) => {}
                    other => drop(other?),
                },
                Self::Undo => {
                    let undoable = undoable(conn, model, *id, author)?;
                    // If several entries are about one object, only the newest is compared with the object: the object
                    // cannot have the values of the older ones now.
                    if seen.insert(undoable.pk) {
                        undoable.expect_open(conn, model)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Runs after all objects: does a part of the work that is left. True if nothing is left.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) fn settle(self, conn: &mut Connection, model: &'static dyn RegisteredModel) -> QueryResult<bool> {
        if matches!(self, Self::Undo) { model.settle(conn) } else { Ok(true) }
    }

    /// Processes one object, or a part of it, with what was typed for the action.
    ///
    /// # Errors
    /// [`Stopped`] if the object cannot be processed. Then the caller must roll the transaction back.
    pub(super) fn step(
        self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        id: i64,
        input: &str,
        author: &Author<'_>,
    ) -> Result<Step, Stopped> {
        match self {
            Self::Delete if !model.lighten(conn, id)? => Ok(Step::Partly),
            Self::Delete => match deletion::delete(conn, model, id, author) {
                Err(NotDeleted::Database(db::DatabaseError::Query(NotFound))) => Ok(Step::Gone),
                deleted => Ok(Step::Changed(deleted?)),
            },
            Self::Act(action) => match act(conn, model, id, action, input, author) {
                Err(NotFound) => Ok(Step::Gone),
                acted => Ok(match acted? {
                    Acted::Changed(written) => Step::Changed(written),
                    Acted::Unchanged => Step::Unchanged,
                    Acted::Skipped => Step::Skipped,
                }),
            },
            Self::Duplicate => match duplicate::add_copy(conn, model, id, author) {
                Err(NotFound) => Ok(Step::Gone),
                copied => Ok(Step::Changed(copied?)),
            },
            Self::Undo => Ok(Step::Changed(undoable(conn, model, id, author)?.undo(conn, model, author)?)),
        }
    }
}

/// The entry, if it is about this model and the author has the permissions to undo it.
fn undoable(
    conn: &mut Connection,
    model: &dyn RegisteredModel,
    entry: i64,
    author: &Author<'_>,
) -> Result<Undoable, NotUndone> {
    let entry = i32::try_from(entry).map_err(|_| NotUndone::Gone)?;
    let undoable = undo::find(conn, entry)?.ok_or(NotUndone::Gone)?;
    if undoable.model() != Some((model.meta().app.to_owned(), model.meta().model.to_owned())) {
        return Err(NotUndone::Gone);
    }
    if let Some(lacking) = undoable.needs(model).into_iter().find(|needed| !author.viewer.can(needed)) {
        return Err(NotUndone::Denied(lacking));
    }
    Ok(undoable)
}
