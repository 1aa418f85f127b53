//! `polls dbshell`: the database's own client, with the settings' address.

use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};

use percent_encoding::percent_decode_str;
use url::Url;

use super::{Context, Failure};
use crate::db::{Connection, Create};
use crate::settings::DatabaseUrl;

/// Start sqlite3, psql or mysql for the database that the settings name
///
/// The password is passed on in the environment, so that no list of processes shows it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  polls dbshell
  polls dbshell -- -c 'SELECT count(*) FROM polls_ballot'")]
pub struct DbshellArguments {
    /// What the client gets besides
    #[arg(last = true)]
    arguments: Vec<String>,
}

pub fn run(context: &Context, arguments: &DbshellArguments) -> Result<ExitCode, Failure> {
    let url = context.settings()?.database.url;
    let mut client = client(&url)?;
    let program = client.get_program().to_string_lossy().into_owned();
    let error = client.args(&arguments.arguments).exec();
    Err(format!("{program} cannot be started ({error}); install it, on Debian by `apt install {}`", package(&url))
        .into())
}

/// The client with its arguments, and the password in its environment. Of several hosts it is for the one that accepts
/// writes, or the first if none does.
fn client(database: &DatabaseUrl) -> Result<Command, Failure> {
    let parse = |text: &str| Url::parse(text).map_err(|error| format!("database_url: {error}"));
    let mut hosts = database.each_host();
    if hosts.len() > 1 {
        let writable = hosts.iter().position(|host| Connection::open_host(host, Create::Never, true).is_ok());
        hosts.swap(0, writable.unwrap_or_default());
    }
    match hosts.first().unwrap_or(database) {
        DatabaseUrl::Sqlite(path) => {
            let mut client = Command::new("sqlite3");
            client.arg(path);
            Ok(client)
        }
        DatabaseUrl::Postgres(text) => {
            let mut url = parse(text)?;
            let mut client = Command::new("psql");
            if let Some(password) = url.password() {
                client.env("PGPASSWORD", decoded(password));
            }
            // Without the password; a URL that can have none keeps what it has.
            let _ = url.set_password(None);
            client.arg(url.as_str());
            Ok(client)
        }
        DatabaseUrl::Mysql(text) => Ok(mysql(&parse(text)?)),
    }
}

fn mysql(url: &Url) -> Command {
    let mut client = Command::new("mysql");
    client.arg("--default-character-set=utf8mb4");
    if let Some(password) = url.password() {
        client.env("MYSQL_PWD", decoded(password));
    }
    let socket = url.query_pairs().find(|(name, _)| name == "unix_socket").map(|(_, path)| path.into_owned());
    let arguments = [
        ("user", Some(decoded(url.username())).filter(|user| !user.is_empty())),
        ("host", url.host_str().map(str::to_owned).filter(|_| socket.is_none())),
        ("port", url.port().map(|port| port.to_string()).filter(|_| socket.is_none())),
        ("socket", socket),
    ];
    client.args(arguments.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value?))));
    client.arg(decoded(url.path().trim_start_matches('/')));
    client
}

/// A part of the URL without its percent encoding.
fn decoded(part: &str) -> String {
    percent_decode_str(part).decode_utf8_lossy().into_owned()
}

fn package(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Sqlite(_) => "sqlite3",
        DatabaseUrl::Postgres(_) => "postgresql-client",
        DatabaseUrl::Mysql(_) => "mariadb-client",
    }
}
