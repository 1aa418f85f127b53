//! Queries on the tables of users.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::Error;

use super::models::{NewUser, User};
use crate::admin::schema::django_content_type;
use crate::auth::schema::{
    auth_group_permissions, auth_permission, auth_user, auth_user_groups, auth_user_user_permissions,
};
use crate::db::moment::{moment, moment_or_null};
use crate::db::{self, Connection};
use crate::web::Viewer;

/// # Errors
/// `NotFound` if there is no such user; another error if the database does not answer.
pub fn find(conn: &mut Connection, id: i32) -> QueryResult<User> {
    let user = auth_user::table.find(id).select(User::as_select()).get_result(conn);
    db::of_row("auth_user", id, user)
}

/// The user of a name, if there is one. MySQL compares names without regard to case.
///
/// # Errors
/// If the database does not answer.
pub fn by_username(conn: &mut Connection, username: &str) -> QueryResult<Option<User>> {
    // PostgreSQL refuses a NUL in a text, and no name has one.
    if username.contains('\0') {
        return Ok(None);
    }
    let of_name = auth_user::table.filter(auth_user::username.eq(username));
    match of_name.select(User::as_select()).first(conn).optional() {
        Err(unreadable @ Error::DeserializationError(_)) => {
            let id: i32 = of_name.select(auth_user::id).first(conn)?;
            db::of_row("auth_user", id, Err(unreadable))
        }
        user => user,
    }
}

/// # Errors
/// If the database does not answer.
pub fn is_any(conn: &mut Connection) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(auth_user::table.select(auth_user::id))).get_result(conn)
}

/// The first superuser who may log in.
///
/// # Errors
/// If the database does not answer.
pub fn first_superuser(conn: &mut Connection) -> QueryResult<Option<User>> {
    let superusers = auth_user::table.filter(auth_user::is_superuser.eq(true)).filter(auth_user::is_active.eq(true));
    superusers.order(auth_user::id).select(User::as_select()).first(conn).optional()
}

/// `app.codename` of every permission of a user, given directly or through a group.
///
/// # Errors
/// If the database does not answer.
pub fn permissions(conn: &mut Connection, user: i32) -> QueryResult<HashSet<String>> {
    let own = auth_user_user_permissions::table
        .inner_join(auth_permission::table.inner_join(django_content_type::table))
        .filter(auth_user_user_permissions::user_id.eq(user))
        .select((django_content_type::app_label, auth_permission::codename))
        .load::<(String, String)>(conn)?;
    let of_groups = auth_group_permissions::table
        .inner_join(auth_permission::table.inner_join(django_content_type::table))
        .inner_join(auth_user_groups::table.on(auth_user_groups::group_id.eq(auth_group_permissions::group_id)))
        .filter(auth_user_groups::user_id.eq(user))
        .select((django_content_type::app_label, auth_permission::codename))
        .load::<(String, String)>(conn)?;
    Ok(own.into_iter().chain(of_groups).map(|(app, codename)| format!("{app}.{codename}")).collect())
}

/// A user as a viewer, with their permissions.
///
/// # Errors
/// If the database does not answer.
pub fn viewer_of(conn: &mut Connection, user: &User) -> QueryResult<Viewer> {
    let permissions = if user.is_superuser { HashSet::new() } else { permissions(conn, user.id)? };
    Ok(Viewer {
        id: user.id,
        username: user.username.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        is_staff: user.is_staff,
        is_superuser: user.is_superuser,
        has_usable_password: user.has_usable_password(),
        permissions: Arc::new(permissions),
    })
}

/// Creates a user and returns the id.
///
/// # Errors
/// `UniqueViolation` if the name is taken; another error if the database does not answer.
pub fn insert(conn: &mut Connection, user: &NewUser) -> QueryResult<i32> {
    let values = (
        auth_user::username.eq(&user.username),
        auth_user::password.eq(&user.password),
        auth_user::first_name.eq(&user.first_name),
        auth_user::last_name.eq(&user.last_name),
        auth_user::email.eq(&user.email),
        auth_user::is_staff.eq(user.is_staff),
        auth_user::is_active.eq(user.is_active),
        auth_user::is_superuser.eq(user.is_superuser),
        auth_user::last_login.eq(moment_or_null(user.last_login)),
        auth_user::date_joined.eq(moment(user.date_joined)),
    );
    diesel::insert_into(auth_user::table).values(values).execute(conn)?;
    let id = db::last_insert_id(conn)?;
    i32::try_from(id).map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}

/// Stores an encoded password.
///
/// # Errors
/// `NotFound` if there is no such user; another error if the database does not answer.
pub fn set_password(conn: &mut Connection, user: i32, encoded: &str) -> QueryResult<()> {
    let rows = diesel::update(auth_user::table.find(user)).set(auth_user::password.eq(encoded)).execute(conn)?;
    if rows == 0 { Err(diesel::result::Error::NotFound) } else { Ok(()) }
}

/// Stores an encoded password in place of another one. False if the user has another one meanwhile.
///
/// # Errors
/// If the database does not answer.
pub fn replace_password(conn: &mut Connection, user: i32, was: &str, encoded: &str) -> QueryResult<bool> {
    let user = auth_user::table.find(user).filter(auth_user::password.eq(was));
    Ok(diesel::update(user).set(auth_user::password.eq(encoded)).execute(conn)? == 1)
}

/// # Errors
/// If the database does not answer.
pub fn set_last_login(conn: &mut Connection, user: i32, now: NaiveDateTime) -> QueryResult<()> {
    diesel::update(auth_user::table.find(user)).set(auth_user::last_login.eq(now)).execute(conn).map(|_| ())
}

/// The encoded password of one of the users who may log in, at the admin or at the public site, chosen by `number`; None
/// if there is no such user.
///
/// # Errors
/// If the database does not answer.
pub fn stand_in(conn: &mut Connection, number: u64, only_staff: bool) -> QueryResult<Option<String>> {
    let users = || {
        let active = auth_user::table.filter(auth_user::is_active.eq(true)).into_boxed();
        if only_staff { active.filter(auth_user::is_staff.eq(true)) } else { active }
    };
    let count: i64 = users().count().get_result(conn)?;
    let place = u64::try_from(count).ok().and_then(|count| number.checked_rem(count)).unwrap_or(0);
    let place = i64::try_from(place).unwrap_or(0);
    users().order(auth_user::id).offset(place).limit(1).select(auth_user::password).first(conn).optional()
}
