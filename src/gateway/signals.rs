//! SIGHUP: reopen the log. (SIGTERM and SIGINT end the servers, which listen for them themselves.)

use actix_web::rt::signal::unix::{SignalKind, signal};

use crate::logging::Logs;

/// Reopens the log file at every SIGHUP, until the runtime ends.
///
/// # Errors
/// If the signal handler cannot be installed.
pub fn reopen_on_hangup(logs: Logs) -> std::io::Result<()> {
    let mut hangups = signal(SignalKind::hangup())?;
    actix_web::rt::spawn(async move {
        while hangups.recv().await.is_some() {
            logs.reopen();
        }
    });
    Ok(())
}
