//! What can be set, a struct per concern, all of it read and checked once, at start.
//!
//! Sources, the later winning: built-in defaults, the settings file, `POLLS_` variables, flags.

mod admin;
mod checks;
mod database;
mod django;
mod load;
mod log;
mod security;
mod server;
mod session;
mod site;
mod values;

use std::fmt;

pub use admin::{AdminSettings, Color};
pub use checks::Checks;
pub use database::{DatabaseSettings, Url as DatabaseUrl};
pub use django::{DjangoSettings, SharedWithDjango};
pub use load::{Sources, find_file, installed};
pub use log::{LogFormat, LogSettings, Rotation};
pub use security::{AllowedHosts, SecuritySettings, parse_network};
pub use server::{Bind, ServerSettings};
pub use session::SessionSettings;
pub use site::{Language, Mount, SiteSettings};
pub use values::Shown;

use values::Values;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    pub mode: Mode,
    pub site: SiteSettings,
    pub security: SecuritySettings,
    pub session: SessionSettings,
    pub admin: AdminSettings,
    pub database: DatabaseSettings,
    pub django: DjangoSettings,
    pub server: ServerSettings,
    pub log: LogSettings,
    pub checks: Checks,
    /// The effective settings and where each came from, for `polls config show`.
    pub shown: Vec<Shown>,
    /// What is allowed and unwise, for the log.
    pub warnings: Vec<String>,
}

/// Whether the program may help itself (keys, hosts, migrations, a sample) or must be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Development,
    Production,
}

/// What the settings are read for; it decides what must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `serve`; with sockets handed over by the service manager: whether all of them are loopback TCP.
    Serve { inherited_loopback: Option<bool> },
    /// `fastcgi` and `cgi`: there is a web server in front, so it is production.
    Gateway,
    /// A command for the administrator: needs neither key nor hosts.
    Manage,
}

/// All that is wrong with the settings, a line each.
#[derive(Debug)]
pub struct Mistakes(Vec<String>);

impl Settings {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// All mistakes at once, each with the file or variable and the key it stands at.
    pub fn load(sources: &Sources, purpose: Purpose) -> Result<Self, Mistakes> {
        let mut values = Values::new(load::merge(sources)?);
        let debug = values.boolean("debug", sources.file.is_none() && sources.installed.is_none());
        let server = ServerSettings::read(&mut values, &sources.default_bind);
        let mode = Mode::of(purpose, debug, &server);
        let read = Self {
            mode,
            site: SiteSettings::read(&mut values),
            security: SecuritySettings::read(&mut values, mode, purpose),
            session: SessionSettings::read(&mut values),
            admin: AdminSettings::read(&mut values),
            database: DatabaseSettings::read(&mut values),
            django: DjangoSettings::read(&mut values),
            log: LogSettings::read(&mut values),
            checks: Checks::read(&mut values),
            server,
            shown: Vec::new(),
            warnings: Vec::new(),
        };
        let (shown, warnings) = values.finish().map_err(|mistakes| mistakes.without_a_file(sources))?;
        Ok(Self { shown, warnings, ..read })
    }
}

impl Settings {
    /// Writes the warnings to the log.
    pub fn warn(&self) {
        for warning in &self.warnings {
            tracing::warn!(target: "polls.server", "{warning}.");
        }
    }
}

impl Mode {
    fn of(purpose: Purpose, debug: bool, server: &ServerSettings) -> Self {
        let loopback = match purpose {
            Purpose::Serve { inherited_loopback } => inherited_loopback
                .unwrap_or_else(|| !server.bind.is_empty() && server.bind.iter().all(Bind::is_loopback_tcp)),
            Purpose::Gateway | Purpose::Manage => false,
        };
        if debug && loopback { Self::Development } else { Self::Production }
    }
}

impl Mistakes {
    /// Says why a program without a settings file does not help itself, as in development.
    fn without_a_file(mut self, sources: &Sources) -> Self {
        if let (None, Some(installed)) = (&sources.file, sources.installed) {
            self.0.push(format!(
                "there is no settings file (./polls.toml, /etc/polls/polls.toml, --config or POLLS_CONFIG), and this is \
                 not development, as {installed}; deploy/polls.toml is an example, and POLLS_DEBUG=true starts a trial"
            ));
        }
        self
    }
}

impl Mistakes {
    /// What is wrong, a line each.
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "{one}"),
            many => {
                write!(f, "{} mistakes in the settings:", many.len())?;
                many.iter().try_for_each(|mistake| write!(f, "\n  {mistake}"))
            }
        }
    }
}

impl std::error::Error for Mistakes {}
