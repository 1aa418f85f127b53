//! `polls fastcgi`: serves FastCGI on a socket that was handed over, or on one that it opens.

use std::process::ExitCode;

use super::serve::ServeArguments;
use super::{Context, Failure};
use crate::app::App;
use crate::gateway::service_manager::{SelfQuestion, watch};
use crate::gateway::{fastcgi, listen, signals};
use crate::logging;
use crate::outbound::reports;
use crate::settings::{Purpose, Settings};

/// The address at which `fastcgi` listens if no flag or setting names one and no socket is handed over.
const DEFAULT_BIND: &str = "127.0.0.1:9000";

pub fn run(context: &Context, arguments: ServeArguments) -> Result<ExitCode, Failure> {
    let mut listeners = listen::inherited()?;
    let told = !arguments.bind.is_empty();
    let settings = Settings::load(&context.sources(DEFAULT_BIND, arguments.flags()), Purpose::Gateway)?;
    let logs = logging::start(&settings.log)?;
    settings.warn();
    let reporter = reports::start(&settings);
    if listeners.is_empty() && !told {
        listeners.extend(listen::on_stdin()?);
    }
    if listeners.is_empty() {
        listeners = listen::bind_all(&settings.server)?;
    }
    let app = App::open(&settings)?;
    app.expect_safe_database()?;
    let addresses: Vec<_> = listeners.iter().map(|listener| listener.address.as_str()).collect();
    tracing::info!(target: "polls.server", database = %settings.database.url, "Listening for FastCGI at {}.", addresses.join(", "));
    actix_web::rt::System::new().block_on(async {
        signals::reopen_on_hangup(logs)?;
        watch(SelfQuestion::fastcgi(&listeners));
        let (app, body_limit) = (app.clone(), settings.security.data_upload_max_memory_size);
        fastcgi::serve(move || app.service(), listeners, &settings.server, body_limit).await
    })?;
    app.close(settings.server.shutdown_timeout);
    if let Some(reporter) = reporter {
        reporter.finish();
    }
    tracing::info!(target: "polls.server", "Stopped.");
    Ok(ExitCode::SUCCESS)
}
