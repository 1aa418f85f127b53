//! The errors of the database, sorted by what they mean for a request.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::error_texts::{BUSY, LOST};
use super::time_limit;
use crate::metrics::{DATABASE_ERRORS, history};

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// No connection became free, or the database stayed locked, for as long as a request waits; or the database has no
    /// disk space, memory or connection left now.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// No connection could be made, or it was lost, or the server no longer accepts writes on it.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// A read took longer than its time limit.
    #[error("what was read took too long")]
    TooSlow,
    /// Another long read of the same person did not end while this one waited.
    #[error("something else is being read for the same person")]
    OneAtATime,
    /// The database was refused when it was connected to, because its settings could lose votes.
    #[error("{0}")]
    Refused(String),
    /// The query itself failed. `NotFound` is one of these errors.
    #[error(transparent)]
    Query(Diesel),
}

/// What an error of the database means for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It may succeed if it is tried again, on the same connection.
    Busy,
    /// It may succeed if it is tried again, on another connection.
    Lost,
    /// It will fail again.
    Final,
}

impl From<Diesel> for DatabaseError {
    fn from(error: Diesel) -> Self {
        // The first error is the cause; the second only says that the rollback has failed, too.
        if let Diesel::RollbackErrorOnCommit { commit_error, .. } = error {
            return Self::from(*commit_error);
        }
        let error = match class(&error) {
            Class::Final if is_out_of_time(&error) => Self::TooSlow,
            Class::Busy => Self::Busy(said(error)),
            Class::Lost => Self::Unreachable(said(error)),
            Class::Final => Self::Query(error),
        };
        error.count();
        error
    }
}

/// Whether SQLite has ended the query because of the time limit.
fn is_out_of_time(error: &Diesel) -> bool {
    matches!(error, Diesel::DatabaseError(DatabaseErrorKind::Unknown, info) if info.message().contains(time_limit::OUT_OF_TIME))
}

/// Whether a server has ended a statement that took too long.
pub(super) fn is_out_of_time_on_a_server(said: &str) -> bool {
    const SAID: [&str; 3] =
        ["statement timeout", "max_statement_time exceeded", "maximum statement execution time exceeded"];
    SAID.iter().any(|text| said.contains(text))
}

fn said(error: Diesel) -> String {
    match error {
        Diesel::DatabaseError(_, info) => info.message().to_owned(),
        error => error.to_string(),
    }
}

impl From<diesel::ConnectionError> for DatabaseError {
    fn from(error: diesel::ConnectionError) -> Self {
        let error = Self::Unreachable(error.to_string());
        error.count();
        error
    }
}

impl DatabaseError {
    /// Counts it, unless it says no more than that a row is not there, or is there already.
    fn count(&self) {
        match self {
            Self::Busy(_) => DATABASE_ERRORS.count("busy"),
            Self::Unreachable(_) => DATABASE_ERRORS.count("unreachable"),
            Self::TooSlow => DATABASE_ERRORS.count("too slow"),
            Self::Query(Diesel::DatabaseError(DatabaseErrorKind::Unknown, _)) => DATABASE_ERRORS.count("other"),
            _ => return,
        }
        history::DATABASE_ERRORS.count();
    }
}

/// Whether another transaction was in the way, such as a lock or a deadlock: the same transaction can succeed later.
pub fn is_busy(error: &Diesel) -> bool {
    class(error) == Class::Busy
}

/// Whether a server's error means that all existing connections are unusable: the server is a standby now, it is
/// shutting down, or its tables are no longer those that the statements were prepared for.
pub(super) fn ends_connections(error: &Diesel) -> bool {
    class(error) == Class::Lost || (is_translated() && class(error) == Class::Busy)
}

/// Whether the server's error texts may be in a language other than English.
static TRANSLATED: AtomicBool = AtomicBool::new(false);

fn is_translated() -> bool {
    TRANSLATED.load(Ordering::Relaxed)
}

/// Called for a server that does not let sessions set its error texts to English.
#[cfg(feature = "postgres")]
pub(super) fn expect_translations() {
    TRANSLATED.store(true, Ordering::Relaxed);
}

/// Diesel passes on no error numbers, only kinds, and those for few errors. The others are recognised by their texts,
/// which are fixed: each session sets its server's messages to English, and SQLite and the client libraries have
/// English texts only.
fn class(error: &Diesel) -> Class {
    match error {
        Diesel::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Class::Lost,
            // The server is a standby now; connecting again finds the new primary.
            DatabaseErrorKind::ReadOnlyTransaction => Class::Lost,
            DatabaseErrorKind::SerializationFailure => Class::Busy,
            // The text is compared only if Diesel knows no kind, because other errors quote values that people have
            // typed.
            DatabaseErrorKind::Unknown => {
                let says = |texts: &[(&str, &str)]| texts.iter().any(|(_, text)| info.message().contains(text));
                // An error in a statement has a position in that statement. An error without a position is about the
                // server's state.
                let is_unread = is_translated() && info.statement_position().is_none();
                if says(BUSY) || (is_unread && !says(LOST)) {
                    Class::Busy
                } else if says(LOST) {
                    Class::Lost
                } else {
                    Class::Final
                }
            }
            _ => Class::Final,
        },
        Diesel::BrokenTransactionManager => Class::Lost,
        _ => Class::Final,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classed(kind: DatabaseErrorKind, message: &str) -> Class {
        class(&Diesel::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn what_a_database_cannot_do_now_can_be_asked_again() {
        for text in [
            "database is locked",
            "canceling statement due to statement timeout",
            "canceling statement due to user request",
            "canceling statement due to conflict with recovery",
            "could not extend file \"base/5/16384\": No space left on device",
            "Lock wait timeout exceeded; try restarting transaction",
            "The table 'polls_ballot' is full",
            "Query execution was interrupted (max_statement_time exceeded)",
            "Query execution was interrupted, maximum statement execution time exceeded",
            "Got error 28 \"No space left on device\" from storage engine InnoDB",
            "Disk full (/tmp/#sql); waiting for someone to free some space... (errno: 28)",
        ] {
            assert_eq!(classed(DatabaseErrorKind::Unknown, text), Class::Busy, "{text}");
        }
        for text in [
            "cached plan must not change result type",
            "terminating connection due to administrator command",
            "the database system is shutting down",
            "The MariaDB server is running with the --read-only option so it cannot execute this statement",
            "Running in read-only mode",
            "WSREP has not yet prepared node for application use",
            "Server shutdown in progress",
            "Lost connection to server during query",
            "MySQL server has gone away",
            "attempt to write a readonly database",
            "database disk image is malformed",
        ] {
            assert_eq!(classed(DatabaseErrorKind::Unknown, text), Class::Lost, "{text}");
        }
    }

    #[test]
    fn a_mistake_of_ours_stays_one() {
        for (kind, text) in [
            (DatabaseErrorKind::Unknown, "column \"x\" does not exist"),
            (DatabaseErrorKind::Unknown, "Incorrect string value"),
            (DatabaseErrorKind::UniqueViolation, "Duplicate entry 'database is locked' for key 'question'"),
            (DatabaseErrorKind::CheckViolation, "cached plan must not change result type"),
        ] {
            assert_eq!(classed(kind, text), Class::Final, "{text}");
        }
    }
}
