//! Second factors in the database.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::auth::schema::{auth_recovery_code as codes, auth_second_factor as factors};
use crate::db::Connection;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = factors)]
pub struct SecondFactor {
    pub salt: String,
    /// None until its user has shown a code: it is not asked for before.
    pub confirmed_at: Option<NaiveDateTime>,
}

/// # Errors
/// If the database does not answer, as all functions here.
pub fn find(conn: &mut Connection, user: i32) -> QueryResult<Option<SecondFactor>> {
    factors::table.find(user).select(SecondFactor::as_select()).first(conn).optional()
}

/// Whether the login of a user asks for a code.
///
/// # Errors
/// If the database does not answer.
pub fn is_on(conn: &mut Connection, user: i32) -> QueryResult<bool> {
    Ok(find(conn, user)?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Begins a second factor, or begins it anew, if the user has not confirmed one. Returns whether it was begun.
///
/// # Errors
/// If the database does not answer.
pub fn begin(conn: &mut Connection, user: i32, salt: &str, now: NaiveDateTime) -> QueryResult<bool> {
    diesel::delete(factors::table.find(user).filter(factors::confirmed_at.is_null())).execute(conn)?;
    if find(conn, user)?.is_some() {
        return Ok(false);
    }
    let row = (factors::user_id.eq(user), factors::salt.eq(salt), factors::made_at.eq(now));
    diesel::insert_into(factors::table).values(row).execute(conn).map(|_| true)
}

/// Confirms a second factor by the step of a code. Returns whether there was one to confirm.
///
/// # Errors
/// If the database does not answer.
pub fn confirm(conn: &mut Connection, user: i32, step: i64, now: NaiveDateTime) -> QueryResult<bool> {
    let row = factors::table.find(user).filter(factors::confirmed_at.is_null());
    let set = (factors::confirmed_at.eq(now), factors::last_step.eq(step));
    Ok(diesel::update(row).set(set).execute(conn)? == 1)
}

/// Accepts the code of a step, if none of this step or a later one was accepted before.
///
/// # Errors
/// If the database does not answer.
pub fn spend_step(conn: &mut Connection, user: i32, step: i64) -> QueryResult<bool> {
    let row = factors::table.find(user).filter(factors::confirmed_at.is_not_null()).filter(factors::last_step.lt(step));
    Ok(diesel::update(row).set(factors::last_step.eq(step)).execute(conn)? == 1)
}

/// Accepts a code on paper with one of these hashes, if it was not used before.
///
/// # Errors
/// If the database does not answer.
pub fn spend_code(conn: &mut Connection, user: i32, digests: &[String], now: NaiveDateTime) -> QueryResult<bool> {
    let row = codes::table.filter(codes::user_id.eq(user)).filter(codes::digest.eq_any(digests));
    Ok(diesel::update(row.filter(codes::used_at.is_null())).set(codes::used_at.eq(now)).execute(conn)? > 0)
}

/// Replaces the codes on paper.
///
/// # Errors
/// If the database does not answer.
pub fn replace_codes(conn: &mut Connection, user: i32, digests: &[String]) -> QueryResult<()> {
    diesel::delete(codes::table.filter(codes::user_id.eq(user))).execute(conn)?;
    for digest in digests {
        let row = (codes::user_id.eq(user), codes::digest.eq(digest));
        diesel::insert_into(codes::table).values(row).execute(conn)?;
    }
    Ok(())
}

/// How many codes on paper were not used.
///
/// # Errors
/// If the database does not answer.
pub fn codes_left(conn: &mut Connection, user: i32) -> QueryResult<i64> {
    codes::table.filter(codes::user_id.eq(user)).filter(codes::used_at.is_null()).count().get_result(conn)
}

/// Removes a second factor with its codes. Returns whether there was one.
///
/// # Errors
/// If the database does not answer.
pub fn remove(conn: &mut Connection, user: i32) -> QueryResult<bool> {
    diesel::delete(codes::table.filter(codes::user_id.eq(user))).execute(conn)?;
    Ok(diesel::delete(factors::table.find(user)).execute(conn)? > 0)
}
