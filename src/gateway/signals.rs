//! SIGHUP reopens the log. (SIGTERM and SIGINT stop the servers, which handle them themselves: `drain.rs`.)

use actix_web::rt::signal::unix::{SignalKind, signal};

use super::service_manager;
use crate::logging::Logs;

/// Reopens the log file at every SIGHUP, until the runtime ends.
///
/// # Errors
/// If the signal handler cannot be installed.
pub fn reopen_on_hangup(logs: Logs) -> std::io::Result<()> {
    let mut hangups = signal(SignalKind::hangup())?;
    actix_web::rt::spawn(async move {
        while hangups.recv().await.is_some() {
            service_manager::tell("RELOADING=1");
            logs.reopen();
            service_manager::tell("READY=1");
        }
    });
    Ok(())
}
