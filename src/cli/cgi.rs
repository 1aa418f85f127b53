//! `polls cgi`: one request, one answer.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::app::App;
use crate::gateway::cgi;
use crate::logging;
use crate::settings::{Purpose, Settings};

pub fn run(context: &Context) -> Result<ExitCode, Failure> {
    let settings = Settings::load(&context.sources(super::serve::DEFAULT_BIND, Vec::new()), Purpose::Gateway)?;
    logging::start(&settings.log)?;
    let app = App::open(&settings)?;
    let result =
        actix_web::rt::System::new().block_on(cgi::answer(&app, settings.security.data_upload_max_memory_size));
    app.close();
    result?;
    Ok(ExitCode::SUCCESS)
}

/// What the web server hears when the program cannot start; the log has the reason.
pub fn apologise() {
    print!(
        "Status: 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\nRetry-After: 30\r\n\r\nThe site is not set up yet. Its administrator finds the reason in the error log.\n"
    );
}
