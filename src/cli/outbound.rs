//! `polls outbound`: works off what reaches out to other sites.

use std::process::ExitCode;
use std::sync::Arc;

use actix_web::rt::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::{Context, Failure};
use crate::app::features;
use crate::db::DatabaseError;
use crate::gateway::service_manager::tell;
use crate::gateway::signals;
use crate::logging;
use crate::outbound::worker::{EndSignal, WorkedOff, Worker};
use crate::settings::Settings;

/// Work off what reaches out to other sites: titles of new bookmarks, checks of links, mails
///
/// Runs until it is ended, in a unit of its own (polls-outbound), since the program that answers requests reaches no
/// other site. Any number of these can run at once.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  systemctl enable --now polls-outbound
  polls outbound --once       # from cron: works off what is due, and ends

Exit codes: 0 it was ended, or nothing is left that is due; 1 the database does not answer; 3 with --once: some of it
failed, as the admin says.")]
pub struct OutboundArguments {
    /// Work off what is due, and end
    #[arg(long)]
    once: bool,
}

/// The exit code if not all of it could be done.
const NOT_ALL_DONE: u8 = 3;

pub fn run(context: &Context, arguments: &OutboundArguments) -> Result<ExitCode, Failure> {
    let settings = context.settings()?;
    let logs = logging::start(&settings.log)?;
    let once = arguments.once;
    let worked = actix_web::rt::System::new().block_on(async {
        signals::reopen_on_hangup(logs)?;
        let (mut terminated, mut interrupted) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        let end = Arc::new(EndSignal::default());
        let (given, (ended, mut end_of_work)) = (Arc::clone(&end), oneshot::channel());
        let worker = std::thread::spawn(move || {
            // Nobody waits for it after the second signal.
            let _ = ended.send(work(&settings, once, &given));
        });
        tell("READY=1");
        let worked = tokio::select! {
            worked = &mut end_of_work => worked,
            _ = terminated.recv() => finish(&end, &mut end_of_work).await,
            _ = interrupted.recv() => finish(&end, &mut end_of_work).await,
        };
        drop(worker);
        worked.map_err(|_| Failure::from("the worker has broken off; its log says why"))
    })?;
    let WorkedOff { done, later, failed } = worked?;
    tracing::info!(target: "polls.outbound", done, later, failed, "Stopped.");
    if !once {
        return Ok(ExitCode::SUCCESS);
    }
    println!("{done} done, {later} to be tried again later, {failed} failed.");
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL_DONE) })
}

type Worked = Result<WorkedOff, DatabaseError>;

/// Lets the worker end its task.
async fn finish(
    end: &EndSignal,
    end_of_work: &mut oneshot::Receiver<Worked>,
) -> Result<Worked, oneshot::error::RecvError> {
    tell("STOPPING=1");
    end.give();
    end_of_work.await
}

fn work(settings: &Settings, once: bool, end: &EndSignal) -> Worked {
    let handlers = features::outbound();
    let worker = Worker { settings, handlers: &handlers, end, alive: || tell("WATCHDOG=1") };
    if once { worker.work_off() } else { Ok(worker.work()) }
}
