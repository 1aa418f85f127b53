//! `polls token`: tokens of the API on the command line.

use std::process::ExitCode;

use chrono::TimeDelta;
use clap::{Subcommand, ValueEnum};

use super::{Context, Failure, connect};
use crate::auth::queries::by_username;
use crate::auth::tokens::{self, ApiToken, LONGEST_NAME, NewToken, TokenScope};
use crate::clock;
use crate::db::{self, Create, migrate};
use crate::text::{is_blank, nfc};
use crate::web::pages::i18n::iso;

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for a user, and print it; it is shown only this once
    Add {
        /// The user in whose name it is used
        username: String,
        /// What it is for
        name: String,
        #[arg(long, value_enum, default_value_t = ScopeArgument::Read)]
        scope: ScopeArgument,
        /// After how many days it expires [default: never]
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36500))]
        expires: Option<i64>,
    },
    /// List all tokens: number, user, name, beginning, scope, state, expiry, last use
    List,
    /// Revoke tokens by their numbers; they cannot be used from then on
    Revoke {
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum ScopeArgument {
    Read,
    Write,
}

pub fn run(context: &Context, command: TokenCommand) -> Result<ExitCode, Failure> {
    let url = context.logged_settings()?.database.url;
    let mut conn = connect(&url, Create::Never)?;
    if !migrate::missing(&mut conn)?.is_empty() {
        return Err(format!("{url} lacks migrations; run `polls migrate` first").into());
    }
    let conn = &mut conn;
    match command {
        TokenCommand::Add { username, name, scope, expires } => {
            let user = by_username(conn, &username)?.ok_or_else(|| format!("user '{username}' does not exist"))?;
            let name = nfc(name.trim());
            if is_blank(&name) || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
                return Err(format!("a name has 1 to {LONGEST_NAME} characters").into());
            }
            let scope = match scope {
                ScopeArgument::Read => TokenScope::Read,
                ScopeArgument::Write => TokenScope::Write,
            };
            let expires_at = expires.map(|days| clock::storable(clock::now() + TimeDelta::days(days)));
            let (token, secret) = (NewToken { user: user.id, name, scope, expires_at }, tokens::new_secret()?);
            let id = db::write(conn, |conn| tokens::insert(conn, &token, &secret))?;
            let id = id.ok_or_else(|| format!("user '{username}' has too many tokens; revoke one first"))?;
            tracing::info!(target: "polls.security", user = username, token = id, "A token was made on the command line.");
            println!("{secret}");
        }
        TokenCommand::List => {
            for (token, username) in tokens::list_all(conn)? {
                print(&token, &username);
            }
        }
        TokenCommand::Revoke { ids } => {
            for id in ids {
                if !db::write(conn, |conn| tokens::revoke(conn, id, None))? {
                    return Err(format!("there is no token {id} that could be revoked").into());
                }
                tracing::info!(target: "polls.security", token = id, "A token was revoked on the command line.");
                println!("Revoked token {id}.");
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(token: &ApiToken, username: &str) {
    let state = match token.revoked_at {
        Some(_) => "revoked",
        None if token.has_expired(clock::now()) => "expired",
        None => "usable",
    };
    let [expires, used] = [token.expires_at, token.last_used_at].map(|time| time.map_or("never".to_owned(), iso));
    let ApiToken { id, name, prefix, scope, .. } = token;
    println!("{id}\t{username}\t{name}\t{prefix}…\t{scope}\t{state}\texpires {expires}\tused {used}");
}
