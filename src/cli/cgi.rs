//! `polls cgi`: one request, one answer.

use std::io::Write as _;
use std::process::ExitCode;

use super::{Context, Failure};
use crate::app::App;
use crate::gateway::cgi;
use crate::logging;
use crate::settings::{Purpose, Settings};

pub fn run(context: &Context) -> ExitCode {
    let (app, settings) = match open(context) {
        Ok(ready) => ready,
        Err(error) => {
            eprintln!("polls: {error}");
            apologise();
            return ExitCode::FAILURE;
        }
    };
    let limit = settings.security.data_upload_max_memory_size;
    let answered = actix_web::rt::System::new().block_on(cgi::answer(app.service(), limit));
    app.close(settings.server.shutdown_timeout);
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::info!(target: "polls.request", %error, "An answer was broken off.");
            ExitCode::FAILURE
        }
    }
}

fn open(context: &Context) -> Result<(App, Settings), Failure> {
    let settings = Settings::load(&context.sources(super::serve::DEFAULT_BIND, Vec::new()), Purpose::Gateway)?;
    logging::start(&settings.log)?;
    Ok((App::for_one_request(&settings)?, settings))
}

/// What the web server hears when the program cannot start; the log has the reason.
fn apologise() {
    let answer = "Status: 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n\
                  Retry-After: 30\r\n\r\nThe site is not set up yet. Its administrator finds the reason in the error log.\n";
    // If the web server has gone, nobody is left to be told.
    let _ = std::io::stdout().write_all(answer.as_bytes());
}
