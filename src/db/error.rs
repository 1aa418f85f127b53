//! What can go wrong between a request and the database.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Every connection stayed in use, or the database stayed locked, for as long as we wait.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// No connection could be made, or it broke.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// The query itself failed; `NotFound` is among these.
    #[error(transparent)]
    Query(Diesel),
}

impl From<Diesel> for Error {
    fn from(error: Diesel) -> Self {
        // What broke the commit off says more than that it could not be rolled back either.
        if let Diesel::RollbackErrorOnCommit { commit_error, .. } = error {
            return Self::from(*commit_error);
        }
        match &error {
            Diesel::DatabaseError(kind, info) => match kind {
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
                    Self::Unreachable(info.message().to_owned())
                }
                // A server that is a standby now; its successor is found by connecting again.
                DatabaseErrorKind::ReadOnlyTransaction => Self::Unreachable(info.message().to_owned()),
                DatabaseErrorKind::SerializationFailure => Self::Busy(info.message().to_owned()),
                _ if is_locked(info.message()) => Self::Busy(info.message().to_owned()),
                _ if is_lost(info.message()) => Self::Unreachable(info.message().to_owned()),
                _ => Self::Query(error),
            },
            Diesel::BrokenTransactionManager => Self::Unreachable(error.to_string()),
            _ => Self::Query(error),
        }
    }
}

impl From<diesel::ConnectionError> for Error {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Unreachable(error.to_string())
    }
}

/// Diesel has no kind for these; the texts are those of SQLite (`sqlite3ErrStr`) and InnoDB.
fn is_locked(message: &str) -> bool {
    [
        "database is locked",
        "database table is locked",
        "Lock wait timeout exceeded",
        "Deadlock found",
        "deadlock detected",
        "canceling statement due to lock timeout",
    ]
    .iter()
    .any(|text| message.contains(text))
}

/// The texts of libpq, libmariadb and SQLite for a server or a disk that went away.
fn is_lost(message: &str) -> bool {
    [
        "server closed the connection",
        "terminating connection",
        "connection to server",
        "no connection to the server",
        "SSL connection has been closed",
        "the database system is",
        "server has gone away",
        "Server has gone away",
        "Lost connection",
        "Connection was killed",
        "unable to open database file",
        "disk I/O error",
        "database or disk is full",
        "attempt to write a readonly database",
    ]
    .iter()
    .any(|text| message.contains(text))
}
