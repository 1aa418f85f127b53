//! Checks that the database can be opened, is migrated, takes writes, and does not lose committed votes.

use super::CheckLevel::{Critical, Error, Warning};
use super::{Finding, Subject};
use crate::clock;
use crate::db::{self, Chore, Connection, Create, DatabaseError, migrate};
use crate::outbound::queue;
use crate::polls::ballot_box::DURABLE_TABLES;
use crate::settings::DatabaseUrl;

pub(super) fn check(subject: &Subject<'_>, deploy: bool) -> Vec<Finding> {
    let database = &subject.settings.database;
    let url = &database.url;
    let mut conn = match Connection::open(url, Create::Never) {
        Ok(conn) => conn,
        Err(error) => {
            return vec![Finding::new(
                "polls.E002",
                Critical,
                format!("The database cannot be opened: {error}."),
                "Look at database_url, at whether the server runs, and at who runs this command: `polls config show`.",
            )];
        }
    };
    let mut findings = Vec::new();
    match migrate::missing(&mut conn) {
        Ok(missing) if missing.is_empty() => {
            findings.extend(unwritable(&mut conn));
            findings.extend(stuck(&mut conn));
            findings.extend(overdue_backup(&mut conn).filter(|_| deploy));
        }
        Ok(missing) => findings.push(Finding::new(
            "polls.E003",
            Error,
            format!("The database lacks {} migrations: {}.", missing.len(), missing.join(", ")),
            "Run `polls migrate`.",
        )),
        Err(error) => findings.push(Finding::new(
            "polls.E002",
            Critical,
            format!("The database does not answer: {error}."),
            "Look into the log of the database server.",
        )),
    }
    findings.extend(losses(&mut conn, database.may_lose_votes));
    findings.extend(shared_session(&mut conn, url));
    if db::uses_wal(&mut conn) == Some(false) {
        findings.push(Finding::new(
            "polls.W006",
            Warning,
            "The SQLite file is not in WAL mode: readers and voters wait for each other.",
            "End what else uses the file and run `polls migrate`.",
        ));
    }
    findings
}

/// Writes a row and undoes that in the same transaction; a finding if that fails.
fn unwritable(conn: &mut Connection) -> Option<Finding> {
    let error = db::write(conn, db::touch).err()?;
    Some(Finding::new(
        "polls.E004",
        Critical,
        format!("Nothing can be written to the database: {error}."),
        "Look at whether the disk is full, the server a standby, and the file and its directory writable for who runs this.",
    ))
}

/// A finding if outbound work waits and nobody takes it.
fn stuck(conn: &mut Connection) -> Option<Finding> {
    let waiting = queue::stuck(conn).ok()??;
    Some(Finding::new(
        "polls.W011",
        Warning,
        format!(
            "{waiting} titles or checks of bookmarks or mails have waited for an hour, and nobody was asked in it."
        ),
        "Run `systemctl enable --now polls-outbound`, or `polls outbound --once` from cron; `journalctl -u polls-outbound`.",
    ))
}

/// A finding if there was no backup for so long, on a site that is at least as old.
fn overdue_backup(conn: &mut Connection) -> Option<Finding> {
    let last = Chore::Backup.last(conn).ok()?;
    let since = last.or(db::tables_made_at(conn).ok()?)?;
    (clock::now() - since > Chore::OVERDUE).then(|| {
        let message = match last {
            Some(last) => format!("The last backup was made {} UTC.", last.format("%Y-%m-%d %H:%M")),
            None => "No backup was ever made.".to_owned(),
        };
        Finding::new(
            "polls.W013",
            Warning,
            message,
            "Run `polls backup FILE` from a timer, and keep the files elsewhere. If another program makes backups, silence \
             this check.",
        )
    })
}

/// A finding if a pooler shares the server's sessions.
fn shared_session(conn: &mut Connection, url: &DatabaseUrl) -> Option<Finding> {
    let host = url.each_host().into_iter().next()?;
    let Err(DatabaseError::Refused(why)) = conn.expect_own_session(&host, Create::Never) else { return None };
    Some(Finding::new(
        "polls.E018",
        Error,
        format!("The database is behind a pooler that cannot be used: {why}."),
        "The program does not start so.",
    ))
}

fn losses(conn: &mut Connection, are_accepted: bool) -> Option<Finding> {
    let losses = match db::losses(conn, DURABLE_TABLES) {
        Ok(losses) if losses.is_empty() => return None,
        Ok(losses) => losses.join(", "),
        Err(error) => error.to_string(),
    };
    let message = format!("The database server can lose votes that it has committed: {losses}.");
    Some(if are_accepted {
        Finding::new(
            "polls.W007",
            Warning,
            message,
            "database_may_lose_votes accepts that; for a real vote it should not.",
        )
    } else {
        Finding::new(
            "polls.E005",
            Error,
            message,
            "Set them back in the server's configuration; the program does not start so.",
        )
    })
}
