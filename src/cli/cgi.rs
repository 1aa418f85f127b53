//! `polls cgi`: answers one request.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::rc::Rc;

use actix_web::dev::Service as _;
use actix_web::rt::System;
use futures_util::TryFutureExt as _;
use tokio::runtime::Builder;
use tracing::Level;

use super::{Context, Failure};
use crate::app::{App, features};
use crate::gateway::cgi;
use crate::logging;
use crate::outbound::reports;
use crate::settings::{Purpose, Settings};
use crate::web::Site;
use crate::web::edge::page_cache::{FoundPage, PageFiles};

pub fn run(context: &Context, variables: Vec<(OsString, OsString)>) -> ExitCode {
    match answer(context, variables) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            tracing::info!(target: "polls.request", %error, "An answer could not be sent to its end.");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("polls: {error}");
            apologise();
            ExitCode::FAILURE
        }
    }
}

/// Answers the request. The outer error means that the program cannot start, the inner one that reading the request or
/// sending the answer failed.
fn answer(context: &Context, variables: Vec<(OsString, OsString)>) -> Result<io::Result<()>, Failure> {
    let sources = context.sources(super::serve::DEFAULT_BIND, Vec::new());
    let fingerprint = sources.fingerprint();
    let settings = Settings::load(&sources, Purpose::Gateway)?;
    // A page from the cache logs only the request, so the log is started later if requests are not logged.
    let logs_requests = settings.log.level.would_enable("polls.request", &Level::INFO);
    if logs_requests {
        logging::start(&settings.log)?;
    }
    let request = match cgi::read(variables.into_iter(), settings.security.data_upload_max_memory_size) {
        Ok(request) => request,
        Err(error) => return Ok(Err(error)),
    };
    let site = Site::new(&settings, features::installed());
    let gap = match PageFiles::new(&settings, fingerprint).and_then(|files| files.find(&request, &site)) {
        Some(FoundPage::Page(page)) => {
            let runtime = Builder::new_current_thread().build()?;
            return Ok(runtime.block_on(cgi::send(page, request.method())));
        }
        Some(FoundPage::MissingPage(gap)) => Some(gap),
        None => None,
    };
    let gap = Rc::new(Cell::new(gap));
    if !logs_requests {
        logging::start(&settings.log)?;
    }
    let reporter = reports::start(&settings);
    let app = App::for_one_request(&settings, site)?;
    let service = app.service().wrap_fn(move |request, next| {
        let gap = Rc::clone(&gap);
        next.call(request).map_ok(move |answer| match gap.take() {
            Some(gap) => gap.fill(answer),
            None => answer,
        })
    });
    let answered = System::new().block_on(cgi::answer(service, request));
    app.close(settings.server.shutdown_timeout);
    if let Some(reporter) = reporter {
        reporter.finish();
    }
    Ok(answered)
}

/// Writes the answer for a program that cannot start; the reason is in the log.
fn apologise() {
    let answer = "Status: 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nCache-Control: no-store\r\n\
                  Retry-After: 30\r\n\r\nThe site is not set up yet. Its administrator finds the reason in the error log.\n";
    // An error means that the web server has closed the output; nothing can be done about it.
    let _ = std::io::stdout().write_all(answer.as_bytes());
}
