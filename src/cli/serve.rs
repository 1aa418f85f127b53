//! `polls serve`: serves HTTP.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::app::{App, features};
use crate::auth::{permissions, setup};
use crate::db::{Connection, Create, migrate};
use crate::gateway::service_manager::{SelfQuestion, watch};
use crate::gateway::{http, listen, signals};
use crate::outbound::reports;
use crate::settings::{Mode, Purpose, Settings};
use crate::web::paths::HEALTHZ;
use crate::{logging, sample};

/// The address at which `serve` listens by default.
pub const DEFAULT_BIND: &str = "127.0.0.1:8000";

#[derive(Debug, Default, clap::Args)]
pub struct ServeArguments {
    /// Where to listen: ADDRESS:PORT or unix:/path; can be repeated [default: 127.0.0.1:8000]
    #[arg(long, value_name = "ADDRESS")]
    pub bind: Vec<String>,
    /// Threads that answer requests [default: one per core]
    #[arg(long)]
    pub workers: Option<u32>,
}

impl ServeArguments {
    /// The flags as settings.
    pub fn flags(self) -> Vec<(&'static str, config::Value)> {
        let mut flags = Vec::new();
        if !self.bind.is_empty() {
            flags.push(("server.bind", self.bind.into()));
        }
        if let Some(workers) = self.workers {
            flags.push(("server.workers", workers.into()));
        }
        flags
    }
}

pub fn run(context: &Context, arguments: ServeArguments) -> Result<ExitCode, Failure> {
    let mut listeners = listen::inherited()?;
    let inherited_loopback = (!listeners.is_empty()).then(|| listeners.iter().all(listen::Listener::is_loopback_tcp));
    let sources = context.sources(DEFAULT_BIND, arguments.flags());
    let settings = Settings::load(&sources, Purpose::Serve { inherited_loopback })?;
    let logs = logging::start(&settings.log)?;
    settings.warn();
    let reporter = reports::start(&settings);
    if listeners.is_empty() {
        listeners = listen::bind_all(&settings.server)?;
    }
    let welcome = match settings.mode {
        Mode::Development => Some(prepare(&settings)?),
        Mode::Production => None,
    };
    let app = App::open(&settings)?;
    app.expect_safe_database()?;
    announce(&settings, &listeners, welcome.as_ref());
    actix_web::rt::System::new().block_on(async {
        // In development SIGHUP means that the terminal was closed; it ends the program.
        if settings.mode == Mode::Production {
            signals::reopen_on_hangup(logs)?;
        }
        watch(SelfQuestion::http(&listeners, &format!("{}{HEALTHZ}", settings.site.mount)));
        let app = app.clone();
        http::serve(move || app.service(), listeners, &settings.server).await
    })?;
    app.close(settings.server.shutdown_timeout);
    if let Some(reporter) = reporter {
        reporter.finish();
    }
    tracing::info!(target: "polls.server", "Stopped.");
    Ok(ExitCode::SUCCESS)
}

/// What is printed at start in development.
struct Welcome {
    database: String,
    /// The path of the page that creates the first superuser; None if there is a user already.
    setup: Option<String>,
}

/// Prepares the database in development: creates it, applies migrations, and fills a new one with a sample.
fn prepare(settings: &Settings) -> Result<Welcome, Failure> {
    let mut conn = Connection::open(&settings.database.url, Create::IfMissing)
        .map_err(|error| format!("cannot open {}: {error}", settings.database.url))?;
    let report = migrate::run(&mut conn)?;
    permissions::create(&mut conn, &features::installed())?;
    if report.was_empty {
        sample::load(&mut conn)?;
    }
    let database = match (report.adopted.len(), report.applied.len()) {
        _ if report.was_empty => "made just now, with a small sample".to_owned(),
        (0, 0) => "as it was".to_owned(),
        (0, applied) => format!("{applied} migrations applied"),
        (_, applied) => format!("adopted from Django, {applied} migrations applied"),
    };
    Ok(Welcome { database, setup: setup::offer(&mut conn)? })
}

/// Logs the addresses, and prints instructions in development.
fn announce(settings: &Settings, listeners: &[listen::Listener], welcome: Option<&Welcome>) {
    let addresses: Vec<_> = listeners.iter().map(|listener| listener.address.as_str()).collect();
    tracing::info!(target: "polls.server", mode = ?settings.mode, database = %settings.database.url, "Listening at {}.", addresses.join(", "));
    let (Some(welcome), Some(address)) = (welcome, addresses.first()) else {
        return;
    };
    println!("polls {} is running in development mode.\n", env!("CARGO_PKG_VERSION"));
    println!("  Open      http://{address}{}/", settings.site.mount);
    if let Some(setup) = &welcome.setup {
        println!(
            "  Admin     http://{address}{}{setup} makes the first administrator, for an hour",
            settings.site.mount
        );
    } else {
        println!("  Admin     http://{address}{}/admin/", settings.site.mount);
    }
    println!("  Database  {} ({})", settings.database.url, welcome.database);
    println!("  Next      vote, look at the results, then read README.md to put it behind Apache");
    println!("  Stop      Ctrl+C");
}
