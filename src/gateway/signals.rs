//! SIGHUP: reopen the log. (SIGTERM and SIGINT end the servers, which listen for them themselves.)

use futures_util::StreamExt as _;
use signal_hook_tokio::Signals;

use crate::logging::Logs;

/// Reopens the log at every SIGHUP, as long as the runtime lives.
///
/// # Errors
/// If the signal cannot be listened for.
pub fn reopen_on_hangup(logs: Logs) -> std::io::Result<()> {
    let mut signals = Signals::new([signal_hook::consts::SIGHUP])?;
    actix_web::rt::spawn(async move {
        while signals.next().await.is_some() {
            logs.reopen();
        }
    });
    Ok(())
}
