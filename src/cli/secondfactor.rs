//! `polls secondfactor`: switches off the second factor of a user who has lost it.

use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::auth::queries;
use crate::auth::second_factor::store;
use crate::db::{self, Create};
use crate::web::context::session;

#[derive(Debug, clap::Args)]
pub struct SecondfactorArguments {
    /// The user's name
    username: String,
    /// Switch it off; without this option, say whether it is on
    #[arg(long)]
    off: bool,
}

pub fn run(context: &Context, arguments: SecondfactorArguments) -> Result<ExitCode, Failure> {
    let url = context.logged_settings()?.database.url;
    let mut conn = connect(&url, Create::Never)?;
    let SecondfactorArguments { username, off } = arguments;
    let user =
        queries::by_username(&mut conn, &username)?.ok_or_else(|| format!("user '{username}' does not exist"))?;
    if !off {
        let is_on = store::is_on(&mut conn, user.id)?;
        println!("The second factor of user '{username}' is {}", if is_on { "on" } else { "off" });
        return Ok(ExitCode::SUCCESS);
    }
    let was_on = db::write(&mut conn, |conn| {
        session::end_all(conn, user.id)?;
        store::remove(conn, user.id)
    })?;
    if !was_on {
        return Err(format!("user '{username}' has no second factor").into());
    }
    tracing::info!(target: "polls.security", user = username, "A second factor was switched off on the command line.");
    println!("The second factor of user '{username}' was switched off; it is logged out everywhere");
    Ok(ExitCode::SUCCESS)
}
