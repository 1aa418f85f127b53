//! The command line: one file per command.

mod apache_config;
mod backup;
mod bookmark;
mod cgi;
mod changepassword;
mod check;
mod clearsessions;
mod collectstatic;
mod config;
mod createsuperuser;
mod dbshell;
mod dumpdata;
mod fastcgi;
mod flush;
mod healthcheck;
mod import_django;
mod listurls;
mod loaddata;
mod man;
mod migrate;
mod outbound;
mod progress;
mod purge;
mod query;
mod question;
mod recount;
mod restore;
mod secondfactor;
mod sendtestemail;
mod serve;
mod setup;
mod sqlmigrate;
mod token;
mod version;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use nix::sys::stat::{Mode, umask};

use crate::db::{Chore, Connection, Create};
use crate::logging;
use crate::settings::{DatabaseUrl, Purpose, Settings, Sources, find_file, installed};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A polls service for Apache httpd.
#[derive(Debug, Parser)]
#[command(name = "polls", version = version::short(), long_version = version::long(), about)]
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
    Serve(serve::ServeArguments),
    /// Serve FastCGI at --bind, or at the socket that is passed on standard input or by LISTEN_FDS
    Fastcgi(serve::ServeArguments),
    /// Answer one CGI request (the default if GATEWAY_INTERFACE is set)
    Cgi,
    /// Create the tables or bring them up to date; also adopts a database that Django made
    Migrate(migrate::MigrateArguments),
    /// List all migrations and whether each is applied
    Showmigrations,
    /// Create a user with all permissions
    Createsuperuser(createsuperuser::CreatesuperuserArguments),
    /// Set a user's password
    Changepassword(changepassword::ChangepasswordArguments),
    /// Say whether a user has a second factor, or switch it off for who has lost it
    Secondfactor(secondfactor::SecondfactorArguments),
    /// Delete expired sessions
    Clearsessions,
    Purge(purge::PurgeArguments),
    /// Write the static files and error pages that the web server sends itself
    Collectstatic(collectstatic::CollectstaticArguments),
    Setup(Box<setup::SetupArguments>),
    Check(check::CheckArguments),
    Backup(backup::BackupArguments),
    Restore(restore::RestoreArguments),
    Dumpdata(dumpdata::DumpdataArguments),
    Loaddata(loaddata::LoaddataArguments),
    ImportDjango(import_django::ImportDjangoArguments),
    Flush(flush::FlushArguments),
    Sqlmigrate(sqlmigrate::SqlmigrateArguments),
    Listurls(listurls::ListurlsArguments),
    Dbshell(dbshell::DbshellArguments),
    Query(query::QueryArguments),
    ApacheConfig(apache_config::ApacheConfigArguments),
    Healthcheck(healthcheck::HealthcheckArguments),
    Man(man::ManArguments),
    Completions(man::CompletionsArguments),
    /// Compare the total of every choice with its ballots
    Recount(recount::RecountArguments),
    /// Add, show, change and export polls, and make invitations to them
    #[command(subcommand)]
    Question(question::QuestionCommand),
    /// List, add, change, import and export bookmarks
    #[command(subcommand)]
    Bookmark(bookmark::BookmarkCommand),
    /// Make, list and revoke tokens, by which programs use the API in a user's name
    #[command(subcommand)]
    Token(token::TokenCommand),
    Outbound(outbound::OutboundArguments),
    Sendtestemail(sendtestemail::SendtestemailArguments),
    /// Show the settings
    #[command(subcommand)]
    Config(config::ConfigCommand),
}

/// What every command needs for loading the settings.
struct Context {
    config: Option<PathBuf>,
    /// The variables that begin with `POLLS_`.
    environment: BTreeMap<String, String>,
}

/// The umask of the program: other users cannot read the files that it makes (the database and the files that SQLite
/// makes with it, the log, cached pages). Apache starts programs with umask 022, under which everybody could read them.
const FOR_NOBODY_ELSE: Mode = Mode::S_IWGRP.union(Mode::S_IRWXO);

/// Runs the command given on the command line.
pub fn main() -> ExitCode {
    // A umask can only be read by setting another one, so the strict one is set first.
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
    report(match cli.command.unwrap_or_else(|| Command::Serve(serve::ServeArguments::default())) {
        Command::Serve(arguments) => serve::run(&context, arguments),
        Command::Fastcgi(arguments) => fastcgi::run(&context, arguments),
        Command::Cgi => Ok(cgi::run(&context, variables)),
        Command::Migrate(arguments) => migrate::run(&context, &arguments),
        Command::Showmigrations => migrate::show(&context),
        Command::Createsuperuser(arguments) => createsuperuser::run(&context, arguments),
        Command::Changepassword(arguments) => changepassword::run(&context, arguments),
        Command::Secondfactor(arguments) => secondfactor::run(&context, arguments),
        Command::Clearsessions => clearsessions::run(&context),
        Command::Purge(arguments) => purge::run(&context, &arguments),
        Command::Collectstatic(arguments) => {
            // The web server runs as another user and must read these files.
            umask(given);
            collectstatic::run(&context, arguments)
        }
        Command::Setup(arguments) => setup::run(&context, *arguments),
        Command::Check(arguments) => check::run(&context, arguments),
        Command::Backup(arguments) => backup::run(&context, &arguments),
        Command::Restore(arguments) => restore::run(&context, &arguments),
        Command::Dumpdata(arguments) => dumpdata::run(&context, arguments),
        Command::Loaddata(arguments) => loaddata::run(&context, &arguments),
        Command::ImportDjango(arguments) => import_django::run(&context, &arguments),
        Command::Flush(arguments) => flush::run(&context, &arguments),
        Command::Sqlmigrate(arguments) => sqlmigrate::run(&context, &arguments),
        Command::Listurls(arguments) => listurls::run(&context, &arguments),
        Command::Query(arguments) => query::run(&context, &arguments),
        Command::Dbshell(arguments) => dbshell::run(&context, &arguments),
        Command::ApacheConfig(arguments) => apache_config::run(&context, arguments),
        Command::Healthcheck(arguments) => healthcheck::run(&context, arguments),
        Command::Man(arguments) => man::run(arguments),
        Command::Completions(arguments) => Ok(man::complete(&arguments)),
        Command::Recount(arguments) => recount::run(&context, &arguments),
        Command::Question(command) => question::run(&context, command),
        Command::Bookmark(command) => bookmark::run(&context, command),
        Command::Token(command) => token::run(&context, command),
        Command::Outbound(arguments) => outbound::run(&context, &arguments),
        Command::Sendtestemail(arguments) => sendtestemail::run(&context, &arguments),
        Command::Config(command) => config::run(&context, &command),
    })
}

fn report(result: Result<ExitCode, Failure>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("polls: {error}");
        ExitCode::FAILURE
    })
}

/// The variable if its name begins with `POLLS_`; one that is not valid UTF-8 is ignored.
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

    /// The settings for a command that an administrator runs.
    fn settings(&self) -> Result<Settings, Failure> {
        Ok(Settings::load(&self.sources(serve::DEFAULT_BIND, Vec::new()), Purpose::Manage)?)
    }

    /// The same, with the log started if it is a file. A log on standard error would mix with the command's output.
    fn logged_settings(&self) -> Result<Settings, Failure> {
        let settings = self.settings()?;
        if settings.log.file.is_some() {
            logging::start(&settings.log)?;
        }
        Ok(settings)
    }
}

/// Connects to the database of the settings.
fn connect(url: &DatabaseUrl, create: Create) -> Result<Connection, Failure> {
    Connection::open(url, create).map_err(|error| format!("cannot open {url}: {error}").into())
}

/// Notes for metrics and checks what was done. A database that takes no writes, such as a standby, is no reason to fail.
fn note(conn: &mut Connection, chore: Chore) {
    if let Err(error) = chore.note(conn) {
        eprintln!("polls: the database could not note when this {} was made: {error}", chore.name());
    }
}
