//! The link for creating the first superuser in development. It is valid for an hour and can be used once.

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
/// Characters of the token in base 36: 258 bits.
const TOKEN_LENGTH: usize = 50;

/// Creates the link if there is no user, and returns its path, which is stored nowhere else. Earlier links become
/// invalid.
///
/// # Errors
/// If the database refuses it or does not answer.
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

/// Whether a link is valid.
pub(super) fn is_open(conn: &mut Connection, token: &str, now: NaiveDateTime) -> QueryResult<bool> {
    let link = links::table.find(secrets::digest(token)).filter(links::expires_at.gt(now));
    Ok(diesel::select(diesel::dsl::exists(link)).get_result(conn)? && !queries::is_any(conn)?)
}

/// Creates the first user and deletes the link. Call it in a transaction.
///
/// # Errors
/// `NotFound` if the link is not valid (any more).
pub(super) fn redeem(conn: &mut Connection, token: &str, user: &NewUser, now: NaiveDateTime) -> Result<i32> {
    let link = links::table.find(secrets::digest(token)).filter(links::expires_at.gt(now));
    // Deleting the row claims the link: a second request at the same time finds no row.
    if diesel::delete(link).execute(conn)? != 1 || queries::is_any(conn)? {
        return Err(Error::NotFound);
    }
    Ok(queries::insert(conn, user)?)
}
