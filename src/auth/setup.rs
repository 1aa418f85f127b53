//! The first administrator, in development: a link that is good for an hour and for one use.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::models::NewUser;
use super::queries;
use crate::auth::schema::auth_setup_link as links;
use crate::clock;
use crate::db::{self, Connection};
use crate::web::http::secrets;
use crate::web::{Error, Result};

const LIFE: TimeDelta = TimeDelta::hours(1);
/// 256 bits and a little, in base 36.
const TOKEN_LENGTH: usize = 50;

/// Makes the link, if there is no user; returns its path, which is written down nowhere else. Earlier
/// links are worth nothing.
///
/// # Errors
/// If the database does not take it.
pub fn offer(conn: &mut Connection) -> Result<Option<String>> {
    let token = secrets::random(secrets::BASE36, TOKEN_LENGTH)?;
    db::write(conn, |conn| {
        diesel::delete(links::table).execute(conn)?;
        if queries::is_any(conn)? {
            return Ok(None);
        }
        diesel::insert_into(links::table)
            .values((
                links::token.eq(secrets::digest(&token)),
                links::expires_at.eq(clock::storable(clock::now() + LIFE)),
            ))
            .execute(conn)?;
        Ok(Some(super::paths::setup(&token)))
    })
}

/// Whether a link is still good.
pub(super) fn is_open(conn: &mut Connection, token: &str, now: NaiveDateTime) -> QueryResult<bool> {
    let link = links::table.find(secrets::digest(token)).filter(links::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(link)).get_result(conn)? && !queries::is_any(conn)?)
}

/// Makes the first user and uses the link up; belongs in a transaction.
///
/// # Errors
/// `NotFound` if the link is not, or no longer, good.
pub(super) fn redeem(conn: &mut Connection, token: &str, user: &NewUser, now: NaiveDateTime) -> Result<i32> {
    let link = links::table.find(secrets::digest(token)).filter(links::expires_at.gt(now));
    // Whoever deletes it has it: a second one finds nothing.
    if diesel::delete(link).execute(conn)? != 1 || queries::is_any(conn)? {
        return Err(Error::NotFound);
    }
    Ok(queries::insert(conn, user)?)
}
