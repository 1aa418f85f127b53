//! The command line: one file per command.

mod apache_config;
mod backup;
mod cgi;
mod changepassword;
mod check;
mod clearsessions;
mod collectstatic;
mod config;
mod createsuperuser;
mod fastcgi;
mod migrate;
mod progress;
mod recount;
mod restore;
mod serve;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use nix::sys::stat::{Mode, umask};

use crate::logging;
use crate::settings::{Purpose, Settings, Sources, find_file, installed};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A polls service for Apache httpd.
#[derive(Debug, Parser)]
#[command(name = "polls", version, about)]
struct Cli {
    /// The settings file [default: $POLLS_CONFIG, ./polls.toml, /etc/polls/polls.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve HTTP (the default)
    Serve(serve::Arguments),
    /// Serve FastCGI: on standard input or LISTEN_FDS if a socket is handed over, else at --bind
    Fastcgi(serve::Arguments),
    /// Answer one CGI request; chosen by itself when GATEWAY_INTERFACE is set
    Cgi,
    /// Make the tables, or bring them up to date; adopts a database that Django made
    Migrate(migrate::Arguments),
    /// List all migrations, [X] marking those that are applied
    Showmigrations,
    /// Make a user who may do everything
    Createsuperuser(createsuperuser::Arguments),
    /// Set a user's password
    Changepassword(changepassword::Arguments),
    /// Delete sessions that have ended
    Clearsessions,
    /// Write the static files for the web server
    Collectstatic(collectstatic::Arguments),
    Check(check::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    ApacheConfig(apache_config::Arguments),
    /// Compare every total with its ballots
    Recount(recount::Arguments),
    /// Look at the settings
    #[command(subcommand)]
    Config(config::Command),
}

/// Where settings and the log come from, for whichever command it is.
struct Context {
    config: Option<PathBuf>,
    /// The variables that begin with `POLLS_`.
    environment: BTreeMap<String, String>,
}

/// What the owner and the group may do with files that the program makes (the database, what SQLite keeps beside it,
/// the log, kept pages), whoever starts it: Apache leaves a umask with which everybody could read them.
const FOR_NOBODY_ELSE: Mode = Mode::S_IWGRP.union(Mode::S_IRWXO);

/// Runs the command that the command line names.
pub fn main() -> ExitCode {
    // Strict first: the umask that was set cannot be asked for without setting another.
    let given = umask(FOR_NOBODY_ELSE);
    umask(given | FOR_NOBODY_ELSE);
    let variables: Vec<_> = std::env::vars_os().collect();
    let environment = variables.iter().filter_map(polls_variable).collect();
    // A CGI server passes a query without "=" as arguments, and anyone can write a query.
    if variables.iter().any(|(name, _)| name == "GATEWAY_INTERFACE") {
        return cgi::run(&Context { config: None, environment }, variables);
    }
    let cli = Cli::parse();
    let context = Context { config: cli.config, environment };
    report(match cli.command.unwrap_or_else(|| Command::Serve(serve::Arguments::default())) {
        Command::Serve(arguments) => serve::run(&context, arguments),
        Command::Fastcgi(arguments) => fastcgi::run(&context, arguments),
        Command::Cgi => Ok(cgi::run(&context, variables)),
        Command::Migrate(arguments) => migrate::run(&context, &arguments),
        Command::Showmigrations => migrate::show(&context),
        Command::Createsuperuser(arguments) => createsuperuser::run(&context, arguments),
        Command::Changepassword(arguments) => changepassword::run(&context, arguments),
        Command::Clearsessions => clearsessions::run(&context),
        Command::Collectstatic(arguments) => {
            // The web server is another user.
            umask(given);
            collectstatic::run(&context, arguments)
        }
        Command::Check(arguments) => check::run(&context, arguments),
        Command::Backup(arguments) => backup::run(&context, &arguments),
        Command::Restore(arguments) => restore::run(&context, &arguments),
        Command::ApacheConfig(arguments) => apache_config::run(&context, arguments),
        Command::Recount(arguments) => recount::run(&context, &arguments),
        Command::Config(command) => config::run(&context, &command),
    })
}

fn report(result: Result<ExitCode, Failure>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("polls: {error}");
        ExitCode::FAILURE
    })
}

/// Variables that are not text are nobody's settings.
fn polls_variable((name, value): &(OsString, OsString)) -> Option<(String, String)> {
    let name = name.to_str().filter(|name| name.starts_with("POLLS_"))?;
    Some((name.to_owned(), value.to_str()?.to_owned()))
}

impl Context {
    fn sources(&self, default_bind: &str, flags: Vec<(&'static str, ::config::Value)>) -> Sources {
        Sources {
            file: find_file(self.config.as_deref(), &self.environment),
            environment: self.environment.clone(),
            default_bind: default_bind.to_owned(),
            flags,
            installed: installed(),
        }
    }

    /// The settings of a command for the administrator.
    fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::load(&self.sources(serve::DEFAULT_BIND, Vec::new()), Purpose::Manage)?)
    }

    /// The same for a command that belongs in the log, if that is a file: at the terminal it would be in the way.
    fn logged_settings(&self) -> Result<Settings, Failure> {
        let settings = self.settings()?;
        if settings.log.file.is_some() {
            logging::start(&settings.log)?;
        }
        Ok(settings)
    }
}
