//! What can go wrong between a request and the database.

use std::sync::atomic::{AtomicBool, Ordering};

use diesel::result::{DatabaseErrorKind, Error as Diesel};

use super::time_limit;

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Every connection stayed in use, or the database stayed locked, for as long as a request waits; or the database
    /// has no room, memory or connection left now.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// No connection could be made, or it broke, or the server accepts no writes on it any more.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// What was read took longer than it may.
    #[error("what was read took too long")]
    TooSlow,
    /// Another long read of the same person did not end within the time that this one waited.
    #[error("something else is being read for the same person")]
    OneAtATime,
    /// The database was refused at connecting: with its settings votes could be lost.
    #[error("{0}")]
    Refused(String),
    /// The query itself failed; `NotFound` is among these.
    #[error(transparent)]
    Query(Diesel),
}

/// What an error of the database means for the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// It may succeed if it is tried again, on the same connection.
    Busy,
    /// It may succeed if it is tried again, on another connection.
    Lost,
    /// It will not succeed.
    Final,
}

impl From<Diesel> for DatabaseError {
    fn from(error: Diesel) -> Self {
        // The first error names the cause; the second only says that the rollback failed as well.
        if let Diesel::RollbackErrorOnCommit { commit_error, .. } = error {
            return Self::from(*commit_error);
        }
        match class(&error) {
            Class::Final if is_out_of_time(&error) => Self::TooSlow,
            Class::Busy => Self::Busy(said(error)),
            Class::Lost => Self::Unreachable(said(error)),
            Class::Final => Self::Query(error),
        }
    }
}

/// Whether SQLite was told to stop.
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
        Self::Unreachable(error.to_string())
    }
}

/// Whether what a server has said means that no connection that was made before is of use: it is a standby now, it
/// is going down, or its tables are not what the statements were prepared for.
pub(super) fn ends_connections(error: &Diesel) -> bool {
    class(error) == Class::Lost || (is_translated() && class(error) == Class::Busy)
}

/// Whether the server's texts may be in another language than English.
static TRANSLATED: AtomicBool = AtomicBool::new(false);

fn is_translated() -> bool {
    TRANSLATED.load(Ordering::Relaxed)
}

/// For a server that does not let its texts be set to English.
#[cfg(feature = "postgres")]
pub(super) fn expect_translations() {
    TRANSLATED.store(true, Ordering::Relaxed);
}

/// Diesel hands on no error numbers, only kinds, and those of few errors. The others are known by their texts, which are
/// fixed: each session sets its server's messages to English, and SQLite and the client libraries have no others.
fn class(error: &Diesel) -> Class {
    match error {
        Diesel::DatabaseError(kind, info) => match kind {
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => Class::Lost,
            // A server that is a standby now; its successor is found by connecting again.
            DatabaseErrorKind::ReadOnlyTransaction => Class::Lost,
            DatabaseErrorKind::SerializationFailure => Class::Busy,
            // The texts are looked at only where Diesel knows no kind, since other errors quote values that people enter.
            DatabaseErrorKind::Unknown => {
                let says = |texts: &[(&str, &str)]| texts.iter().any(|(_, text)| info.message().contains(text));
                // An error in a statement comes with its position there; what the server cannot do now has none.
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

/// With PostgreSQL's SQLSTATE, MariaDB's and MySQL's number, or SQLite's name.
const BUSY: &[(&str, &str)] = &[
    ("SQLITE_BUSY", "database is locked"),
    ("SQLITE_LOCKED", "database table is locked"),
    ("SQLITE_LOCKED", "database schema is locked"),
    ("SQLITE_PROTOCOL", "locking protocol"),
    ("SQLITE_INTERRUPT", "interrupted"),
    ("40P01", "deadlock detected"),
    ("53100", "No space left on device"),
    ("53200", "out of memory"),
    ("53200", "out of shared memory"),
    ("53300", "too many connections"),
    ("53300", "too many clients already"),
    ("53400", "temporary file size exceeds temp_file_limit"),
    ("55006", "is being accessed by other users"),
    ("55P03", "canceling statement due to lock timeout"),
    ("55P03", "could not obtain lock"),
    ("57014", "canceling statement due to"),
    ("58030", "could not extend file"),
    ("58030", "could not write to file"),
    ("58030", "could not write block"),
    ("58030", "could not read block"),
    ("58030", "could not fsync file"),
    ("1021", "Disk full ("),
    ("1026", "Error writing file"),
    ("1030", "from storage engine"),
    ("1037, 1038, 1041", "Out of memory"),
    ("1038", "Out of sort memory"),
    ("1114", "' is full"),
    ("1020", "Record has changed since last read"),
    ("1180", "during COMMIT"),
    ("1205", "Lock wait timeout exceeded"),
    ("1206", "exceeds the lock table size"),
    ("1213", "Deadlock found"),
    ("1223", "conflicting read lock"),
    ("1226", "has exceeded the '"),
    ("1317, 1969, 3024", "Query execution was interrupted"),
    ("1637", "Too many active concurrent transactions"),
    ("3100", "while running replication hook"),
    ("3101", "Plugin instructed the server to rollback the current transaction"),
];

const LOST: &[(&str, &str)] = &[
    ("SQLITE_CANTOPEN", "unable to open database file"),
    ("SQLITE_IOERR", "disk I/O error"),
    ("SQLITE_FULL", "database or disk is full"),
    ("SQLITE_READONLY", "attempt to write a readonly database"),
    ("SQLITE_NOTADB", "file is not a database"),
    ("SQLITE_CORRUPT", "database disk image is malformed"),
    ("08006", "server closed the connection"),
    ("08006", "connection to server"),
    ("08006", "no connection to the server"),
    ("08006", "SSL connection has been closed"),
    ("08006", "could not receive data from server"),
    ("08006", "could not send data to server"),
    ("08P01", "lost synchronization with server"),
    // A prepared statement's result has another type since a table was changed, and only a new session forgets it.
    ("0A000", "cached plan must not change result type"),
    ("26000", "prepared statement"),
    ("25P03, 25P04, 57P05, 57P01", "terminating connection"),
    ("57P01, 57P02, 57P03", "the database system is"),
    ("57P04", "database was dropped"),
    ("1040", "Too many connections"),
    ("1047", "WSREP has not yet prepared node"),
    ("1047", "Unknown command"),
    ("1053", "Server shutdown in progress"),
    ("1077", "Normal shutdown"),
    ("1079", "Shutdown complete"),
    ("1080", "Forcing close of thread"),
    ("1152, 1184", "Aborted connection"),
    ("1158-1161", "communication packets"),
    ("1290", "so it cannot execute this statement"),
    ("1290", "--read-only"),
    ("1290", "--super-read-only"),
    ("1290", "read_only"),
    ("1836", "Running in read-only mode"),
    ("1927", "Connection was killed"),
    ("2002", "Can't connect to"),
    ("2006", "erver has gone away"),
    ("2013, 2055", "Lost connection"),
    ("4031", "was disconnected by the server because of inactivity"),
];

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
