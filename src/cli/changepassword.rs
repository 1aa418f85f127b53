//! `polls changepassword`: sets a user's password.

use std::process::ExitCode;

use super::createsuperuser::{ask_password, demand_terminal, system_user, text};
use super::{Context, Failure, connect};
use crate::app::features;
use crate::auth::models::User;
use crate::auth::validators::{Owner, check_password};
use crate::auth::{hashers, queries};
use crate::db::{self, Create};
use crate::web::context::session;
use crate::web::pages::i18n::Catalogue;

/// How many passwords may be refused before the command gives up, as in Django.
const TRIES: usize = 3;

#[derive(Debug, clap::Args)]
pub struct ChangepasswordArguments {
    /// The user's name [default: your login name on this machine]
    username: Option<String>,
    /// Do not prompt: use $POLLS_SUPERUSER_PASSWORD, and $POLLS_SUPERUSER_USERNAME if no name is given
    #[arg(long, visible_alias = "no-input")]
    noinput: bool,
}

pub fn run(context: &Context, arguments: ChangepasswordArguments) -> Result<ExitCode, Failure> {
    let url = context.logged_settings()?.database.url;
    let mut conn = connect(&url, Create::Never)?;
    let variable = |name: &str| context.environment.get(&format!("POLLS_SUPERUSER_{name}")).cloned();
    let username = arguments
        .username
        .or_else(|| variable("USERNAME").filter(|_| arguments.noinput))
        .or_else(system_user)
        .ok_or("name a user")?;
    let user =
        queries::by_username(&mut conn, &username)?.ok_or_else(|| format!("user '{username}' does not exist"))?;
    let password = if arguments.noinput {
        let password = variable("PASSWORD").filter(|password| !password.is_empty());
        Some(password.ok_or("set POLLS_SUPERUSER_PASSWORD with --noinput")?)
    } else {
        demand_terminal()?;
        println!("Changing password for user '{}'", user.username);
        ask(&user)?
    };
    let Some(password) = password else {
        return Err(format!("aborting password change for user '{}' after {TRIES} attempts", user.username).into());
    };
    let encoded = hashers::PasswordEncoding::of(&mut conn)?.encode(&password)?;
    db::write(&mut conn, |conn| {
        queries::set_password(conn, user.id, &encoded)?;
        session::end_all(conn, user.id)
    })?;
    tracing::info!(target: "polls.security", user = user.username, "A password was changed on the command line.");
    println!("Password changed successfully for user '{}'; it is logged out everywhere", user.username);
    Ok(ExitCode::SUCCESS)
}

fn ask(user: &User) -> Result<Option<String>, Failure> {
    let texts = Catalogue::new(&features::installed().locales);
    let User { username, first_name, last_name, email, .. } = user;
    for _ in 0..TRIES {
        let Some(password) = ask_password()? else {
            continue;
        };
        let faults = check_password(&password, &Owner { username, first_name, last_name, email });
        if faults.is_empty() {
            return Ok(Some(password));
        }
        for fault in faults {
            eprintln!("{}", text(&texts, fault));
        }
    }
    Ok(None)
}
