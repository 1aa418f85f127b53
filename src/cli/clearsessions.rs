//! `polls clearsessions`: deletes expired sessions; to be run by a timer.

use std::process::ExitCode;

use super::{Context, Failure};
use crate::clock;
use crate::db::{Connection, Create};
use crate::web::context::session;

pub fn run(context: &Context) -> Result<ExitCode, Failure> {
    let url = context.settings()?.database.url;
    let mut conn = Connection::open(&url, Create::Never).map_err(|error| format!("cannot open {url}: {error}"))?;
    println!("{} expired sessions deleted.", session::clear_expired(&mut conn, clock::now())?);
    Ok(ExitCode::SUCCESS)
}
