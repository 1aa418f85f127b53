//! What can be done to many objects, one after the other.

use diesel::QueryResult;
use diesel::result::Error::NotFound;

use super::act::{Acted, act};
use crate::admin::changes::deletion::{self, NotDeleted};
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
    /// Its ids are those of entries of the log, the newest first.
    Undo,
}

/// What was done to one object.
pub(super) enum Step {
    Changed(LoggedChange),
    Unchanged,
    /// The work is not for it.
    Skipped,
    /// Something of it; more is to be done to the same object.
    Partly,
    /// Somebody has deleted it meanwhile.
    Gone,
}

/// Why work is not done, or not to its end.
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
    /// Whether the same may be done in a moment.
    pub(super) fn is_for_now(&self) -> bool {
        let (Self::Database(error)
        | Self::NotDeleted(NotDeleted::Database(error))
        | Self::NotUndone(NotUndone::Database(error))) = self
        else {
            return false;
        };
        matches!(error, db::DatabaseError::Busy(_) | db::DatabaseError::Unreachable(_))
    }

    /// The message that says why a task was broken off.
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
            Self::Undo => "undo",
        }
    }

    /// What the program's log says of it.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Delete => "deleted",
            Self::Act(_) => "changed",
            Self::Undo => "undid a change of",
        }
    }

    /// Looks whether it can be done to all of these objects, before it is done to the first. That may have changed
    /// when it comes to the last; then it is broken off there.
    ///
    /// # Errors
    /// [`Stopped`].
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
                Self::Act(_) => return Ok(()),
                Self::Delete => match deletion::expect_deletable(conn, model, *id, author) {
                    Err(NotDeleted::Database(db::DatabaseError::Query(NotFound))) => {}
                    other => drop(other?),
                },
                Self::Undo => {
                    let undoable = undoable(conn, model, *id, author)?;
                    // Of several changes of one object the newest tells; the others follow from it.
                    if seen.insert(undoable.pk) {
                        undoable.expect_open(conn, model)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Does what is left when it is done to all objects; true if that is everything.
    ///
    /// # Errors
    /// If the database does not answer.
    pub(super) fn settle(self, conn: &mut Connection, model: &'static dyn RegisteredModel) -> QueryResult<bool> {
        if matches!(self, Self::Undo) { model.settle(conn) } else { Ok(true) }
    }

    /// Does it to one object.
    ///
    /// # Errors
    /// [`Stopped`]; then the transaction is to be given up.
    pub(super) fn step(
        self,
        conn: &mut Connection,
        model: &'static dyn RegisteredModel,
        id: i64,
        author: &Author<'_>,
    ) -> Result<Step, Stopped> {
        match self {
            Self::Delete if !model.lighten(conn, id)? => Ok(Step::Partly),
            Self::Delete => match deletion::delete(conn, model, id, author) {
                Err(NotDeleted::Database(db::DatabaseError::Query(NotFound))) => Ok(Step::Gone),
                deleted => Ok(Step::Changed(deleted?)),
            },
            Self::Act(action) => match act(conn, model, id, action, author) {
                Err(NotFound) => Ok(Step::Gone),
                acted => Ok(match acted? {
                    Acted::Changed(written) => Step::Changed(written),
                    Acted::Unchanged => Step::Unchanged,
                    Acted::Skipped => Step::Skipped,
                }),
            },
            Self::Undo => Ok(Step::Changed(undoable(conn, model, id, author)?.undo(conn, model, author)?)),
        }
    }
}

/// An entry that the author may undo.
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
