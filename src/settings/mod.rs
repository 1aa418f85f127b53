//! The settings: one struct for each concern. All of them are read and checked once, at start.
//!
//! Sources, of which a later one overrides an earlier one: built-in defaults, the settings file, `POLLS_` variables,
//! flags.

mod admin;
mod checks;
mod database;
mod django;
mod load;
mod log;
mod mail;
mod outbound;
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
pub use mail::{MailBackend, MailLogin, MailSettings, MailTls};
pub use outbound::OutboundSettings;
pub use security::{AllowedHosts, SecondFactorRule, SecuritySettings, parse_network};
pub use server::{Bind, ServerSettings};
pub use session::SessionSettings;
pub use site::{Language, Mount, SiteSettings};
pub use values::Shown;

use values::Values;

/// All settings.
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
    pub outbound: OutboundSettings,
    pub mail: MailSettings,
    pub checks: Checks,
    /// The effective settings and where each came from, for `polls config show`.
    pub shown: Vec<Shown>,
    /// Warnings about settings that are allowed but not recommended, for the log.
    pub warnings: Vec<String>,
}

/// In development the program makes a secret key, allows the names of this machine as hosts, applies migrations and
/// adds sample data by itself; in production the administrator must set or run these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Development,
    Production,
}

/// The command for which the settings are read; it decides which are required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// `serve`. If a service manager handed over sockets: whether all of them are TCP on loopback addresses.
    Serve { inherited_loopback: Option<bool> },
    /// `fastcgi` and `cgi`: always production, as a web server is in front.
    Gateway,
    /// A command that an administrator runs: needs neither `secret_key` nor `allowed_hosts`.
    Manage,
}

/// All mistakes in the settings, one line each.
#[derive(Debug)]
pub struct Mistakes(Vec<String>);

impl Settings {
    /// Reads and checks every setting.
    ///
    /// # Errors
    /// If any setting is wrong: all mistakes at once, each with its key and the file or variable.
    pub fn load(sources: &Sources, purpose: Purpose) -> Result<Self, Mistakes> {
        let mut values = Values::new(load::merge(sources)?);
        let debug = values.boolean("debug", sources.file.is_none() && sources.installed.is_none());
        let server = ServerSettings::read(&mut values, &sources.default_bind);
        let mode = Mode::of(purpose, debug, &server);
        let security = SecuritySettings::read(&mut values, mode, purpose);
        let read = Self {
            mode,
            site: SiteSettings::read(&mut values),
            mail: MailSettings::read(&mut values, debug, &security.allowed_hosts),
            security,
            session: SessionSettings::read(&mut values),
            admin: AdminSettings::read(&mut values),
            database: DatabaseSettings::read(&mut values),
            django: DjangoSettings::read(&mut values),
            log: LogSettings::read(&mut values),
            outbound: OutboundSettings::read(&mut values),
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
    /// Adds why a program without a settings file is not in development mode.
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
    /// The mistakes, one line each.
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
