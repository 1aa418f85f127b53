//! `polls clearsessions`: deletes expired sessions; to be run by a timer.

use std::process::ExitCode;

use super::{Context, Failure, connect};
use crate::clock;
use crate::db::Create;
use crate::web::context::session;

pub fn run(context: &Context) -> Result<ExitCode, Failure> {
    let url = context.settings()?.database.url;
    let mut conn = connect(&url, Create::Never)?;
    println!("{} expired sessions deleted.", session::clear_expired(&mut conn, clock::now())?);
    Ok(ExitCode::SUCCESS)
}
