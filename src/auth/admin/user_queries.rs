//! Reads and writes users together with their groups and permissions.

use diesel::prelude::*;
use diesel::result::Error;

use super::relations;
use super::user_fields::UserRow;
use crate::admin::registry::table::TableRow as _;
use crate::auth::hashers;
use crate::auth::models::User;
use crate::auth::schema::{auth_user, auth_user_groups};
use crate::db::{self, Backend, Connection};

type Users<'a> = auth_user::BoxedQuery<'a, Backend>;

pub(super) fn filter<'a>(users: Users<'a>, key: &str, value: &str) -> Users<'a> {
    let yes = value == "1";
    match key {
        "is_staff__exact" => users.filter(auth_user::is_staff.eq(yes)),
        "is_superuser__exact" => users.filter(auth_user::is_superuser.eq(yes)),
        "is_active__exact" => users.filter(auth_user::is_active.eq(yes)),
        "groups__isnull" => {
            users.filter(auth_user::id.ne_all(auth_user_groups::table.select(auth_user_groups::user_id)))
        }
        _ => {
            let group = value.parse().unwrap_or(0);
            let members =
                auth_user_groups::table.filter(auth_user_groups::group_id.eq(group)).select(auth_user_groups::user_id);
            users.filter(auth_user::id.eq_any(members))
        }
    }
}

pub(super) fn with_rights(conn: &mut Connection, users: Vec<User>) -> QueryResult<Vec<UserRow>> {
    let ids: Vec<i32> = users.iter().map(|user| user.id).collect();
    let mut groups = relations::groups_of(conn, &ids)?;
    let mut permissions = relations::permissions_of(conn, &ids)?;
    let row = |user: User| UserRow {
        groups: groups.remove(&user.id).unwrap_or_default(),
        user_permissions: permissions.remove(&user.id).unwrap_or_default(),
        has_password: user.has_usable_password(),
        ..user.into()
    };
    Ok(users.into_iter().map(row).collect())
}

/// Whether another user has this name. As in Django, a new name must differ in more than case from all others; names
/// that exist already stay valid.
pub(super) fn is_taken(conn: &mut Connection, pk: Option<i32>, username: &str) -> QueryResult<bool> {
    let same = match pk {
        None => auth_user::table
            .filter(auth_user::username.eq(username).or(db::is_same(auth_user::username, username)))
            .count()
            .get_result::<i64>(conn)?,
        Some(pk) => auth_user::table
            .filter(auth_user::username.eq(username))
            .filter(auth_user::id.ne(pk))
            .count()
            .get_result(conn)?,
    };
    Ok(same > 0)
}

pub(super) fn insert(conn: &mut Connection, row: &UserRow) -> QueryResult<i64> {
    // Hashing a password takes long and blocks this thread. That is acceptable because few viewers may add users, and
    // they add them one at a time.
    let password = match row.has_password {
        true => hashers::PasswordEncoding::of(conn)?.encode(&row.password1),
        false => hashers::unusable(),
    };
    let password = password.map_err(|error| Error::QueryBuilderError(error.into()))?;
    User { password, last_login: None, ..row.user.clone() }.insert(conn, None)
}
