//! How users are read and written with their groups and permissions.

use diesel::prelude::*;
use diesel::result::Error;

use super::deletion::DELETED_USERS;
use super::user_fields::Row;
use super::{Backend, id, ids, relations};
use crate::admin::list::query::ListQuery;
use crate::auth::models::{NewUser, User};
use crate::auth::schema::{auth_user, auth_user_groups};
use crate::auth::{hashers, queries};
use crate::db::moment::moment;
use crate::db::{self, Connection};

pub(super) fn select(query: &ListQuery) -> auth_user::BoxedQuery<'_, Backend> {
    let mut users = auth_user::table.filter(auth_user::username.ne(DELETED_USERS)).into_boxed();
    for word in &query.words {
        users = users.filter(
            db::contains(auth_user::username, word)
                .or(db::contains(auth_user::first_name, word))
                .or(db::contains(auth_user::last_name, word))
                .or(db::contains(auth_user::email, word)),
        );
    }
    for (key, value) in &query.filters {
        let yes = value == "1";
        users = match *key {
            "is_staff__exact" => users.filter(auth_user::is_staff.eq(yes)),
            "is_superuser__exact" => users.filter(auth_user::is_superuser.eq(yes)),
            "is_active__exact" => users.filter(auth_user::is_active.eq(yes)),
            "groups__isnull" => {
                users.filter(auth_user::id.ne_all(auth_user_groups::table.select(auth_user_groups::user_id)))
            }
            _ => {
                let group = value.parse().unwrap_or(0);
                let members = auth_user_groups::table
                    .filter(auth_user_groups::group_id.eq(group))
                    .select(auth_user_groups::user_id);
                users.filter(auth_user::id.eq_any(members))
            }
        };
    }
    for (field, bound) in query.dates() {
        users = match field {
            "last_login" => users.filter(bound.on(auth_user::last_login)),
            _ => users.filter(bound.on(auth_user::date_joined)),
        };
    }
    match &query.ids {
        Some(pks) => users.filter(auth_user::id.eq_any(ids(pks))),
        None => users,
    }
}

pub(super) fn with_rights(conn: &mut Connection, users: Vec<User>) -> QueryResult<Vec<Row>> {
    let ids: Vec<i32> = users.iter().map(|user| user.id).collect();
    let mut groups = relations::groups_of(conn, &ids)?;
    let mut permissions = relations::permissions_of(conn, &ids)?;
    let row = |user: User| Row {
        groups: groups.remove(&user.id).unwrap_or_default(),
        user_permissions: permissions.remove(&user.id).unwrap_or_default(),
        ..Row::of(user)
    };
    Ok(users.into_iter().map(row).collect())
}

/// Whether somebody else has the name. As in Django, a new name must differ in more than upper and lower
/// case; one that is there already may stay.
pub(super) fn is_taken(conn: &mut Connection, pk: Option<i64>, username: &str) -> QueryResult<bool> {
    let same = match pk {
        None => auth_user::table
            .filter(auth_user::username.eq(username).or(db::is_same(auth_user::username, username)))
            .count()
            .get_result::<i64>(conn)?,
        Some(pk) => auth_user::table
            .filter(auth_user::username.eq(username))
            .filter(auth_user::id.ne(id(pk)?))
            .count()
            .get_result(conn)?,
    };
    Ok(same > 0)
}

pub(super) fn insert(conn: &mut Connection, row: &Row) -> QueryResult<i32> {
    // Hashed on this thread: users are made one at a time, and by people who may.
    let password = match row.has_password {
        true => hashers::PasswordEncoding::of(conn)?.encode(&row.password1),
        false => hashers::unusable(),
    };
    let user = NewUser {
        username: row.username.clone(),
        password: password.map_err(|error| Error::QueryBuilderError(error.into()))?,
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        email: row.email.clone(),
        is_staff: row.is_staff,
        is_active: row.is_active,
        is_superuser: row.is_superuser,
        last_login: None,
        date_joined: row.date_joined,
    };
    queries::insert(conn, &user)
}

pub(super) fn update(conn: &mut Connection, row: &Row) -> QueryResult<()> {
    diesel::update(auth_user::table.find(row.id))
        .set((
            auth_user::username.eq(&row.username),
            auth_user::first_name.eq(&row.first_name),
            auth_user::last_name.eq(&row.last_name),
            auth_user::email.eq(&row.email),
            auth_user::is_staff.eq(row.is_staff),
            auth_user::is_active.eq(row.is_active),
            auth_user::is_superuser.eq(row.is_superuser),
            auth_user::date_joined.eq(moment(row.date_joined)),
        ))
        .execute(conn)
        .map(|_| ())
}
