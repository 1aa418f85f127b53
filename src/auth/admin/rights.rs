//! Changes of users and groups that are refused although the viewer has the permission. With Django's `change_user`
//! alone, users can make themselves superusers. Here viewers cannot give permissions that they do not have, and the
//! last superuser cannot be removed.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};

use super::user_fields::UserRow;
use super::{ids, relations};
use crate::admin::registry::field::{FieldError, FieldErrors};
use crate::admin::schema::django_content_type;
use crate::auth::models::User;
use crate::auth::queries;
use crate::auth::schema::{auth_permission, auth_user};
use crate::db::Connection;
use crate::web::Viewer;

pub(super) fn of_user(
    conn: &mut Connection,
    viewer: &Viewer,
    was: Option<&UserRow>,
    becomes: Option<&UserRow>,
) -> QueryResult<FieldErrors> {
    let mut refusals = Vec::new();
    if !viewer.is_superuser {
        if was.is_some_and(|row| row.user.is_superuser) {
            return Ok(vec![("", FieldError::new("auth-refused-superuser"))]);
        }
        // A viewer with fewer permissions may not change this user, for example rename or deactivate them.
        if let Some(row) = was
            && !queries::permissions(conn, row.user.id)?.iter().all(|permission| viewer.can(permission))
        {
            return Ok(vec![("", FieldError::new("auth-refused-more"))]);
        }
        if becomes.is_some_and(|row| row.user.is_superuser) {
            refusals.push(("is_superuser", FieldError::new("auth-refused-make-superuser")));
        }
        let added = added(was, becomes, |row| &row.user_permissions);
        if !has_all(conn, viewer, &added)? {
            refusals.push(("user_permissions", FieldError::new("auth-refused-permissions")));
        }
        let groups = self::added(was, becomes, |row| &row.groups);
        let through_groups: Vec<i64> =
            relations::permissions_of_groups(conn, &ids(&groups))?.into_values().flatten().collect();
        if !has_all(conn, viewer, &through_groups)? {
            refusals.push(("groups", FieldError::new("auth-refused-groups")));
        }
    }
    if leaves_none(was, becomes) && others(was).count().get_result::<i64>(conn)? == 0 {
        refusals.push(("", FieldError::new("auth-refused-last")));
    } else if becomes.is_none() && was.is_some_and(|row| row.user.id == viewer.id) {
        // Viewers cannot delete their own account, so that the account of somebody who has done damage still exists.
        refusals.push(("", FieldError::new("auth-refused-self")));
    }
    Ok(refusals)
}

pub(super) fn of_group(
    conn: &mut Connection,
    viewer: &Viewer,
    had: &[i64],
    permissions: &[i64],
) -> QueryResult<FieldErrors> {
    let added = permissions.iter().copied().filter(|id| !had.contains(id));
    // Removed permissions count, too: members of the group may have more permissions than the viewer, and would lose
    // them.
    let removed = had.iter().copied().filter(|id| !permissions.contains(id));
    let changed: Vec<i64> = added.chain(removed).collect();
    let may = has_all(conn, viewer, &changed)?;
    Ok(if may { Vec::new() } else { vec![("permissions", FieldError::new("auth-refused-permissions-of-group"))] })
}

/// Whether a viewer may set another user's password. Knowing it, the viewer could do everything that the user may do.
pub(super) fn may_set_password(conn: &mut Connection, viewer: &Viewer, user: &User) -> QueryResult<bool> {
    if viewer.is_superuser {
        return Ok(true);
    }
    Ok(!user.is_superuser && queries::permissions(conn, user.id)?.iter().all(|permission| viewer.can(permission)))
}

/// Fails if no active superuser with access to the admin is left after one was changed or deleted. It locks the others:
/// if two are removed at once, the second transaction waits here for the first, and fails.
pub(super) fn keep_one(conn: &mut Connection, was: Option<&UserRow>, becomes: Option<&UserRow>) -> QueryResult<()> {
    if !leaves_none(was, becomes) {
        return Ok(());
    }
    let locked = diesel::update(others(was)).set(auth_user::is_superuser.eq(true)).execute(conn)?;
    if locked > 0 {
        return Ok(());
    }
    let message = "the last superuser was about to go".to_owned();
    Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, Box::new(message)))
}

/// Whether a user who could administrate the site no longer can.
fn leaves_none(was: Option<&UserRow>, becomes: Option<&UserRow>) -> bool {
    was.is_some_and(UserRow::administrates) && !becomes.is_some_and(UserRow::administrates)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn others(was: Option<&UserRow>) -> _ {
    let id: i32 = was.map_or(0, |row| row.user.id);
    auth_user::table
        .filter(auth_user::is_superuser.eq(true))
        .filter(auth_user::is_active.eq(true))
        .filter(auth_user::is_staff.eq(true))
        .filter(auth_user::id.ne(id))
}

fn added(was: Option<&UserRow>, becomes: Option<&UserRow>, of: fn(&UserRow) -> &Vec<i64>) -> Vec<i64> {
    let had = was.map(of);
    let new = |id: &i64| !had.is_some_and(|had| had.contains(id));
    becomes.map(of).into_iter().flatten().copied().filter(new).collect()
}

fn has_all(conn: &mut Connection, viewer: &Viewer, permissions: &[i64]) -> QueryResult<bool> {
    if viewer.is_superuser || permissions.is_empty() {
        return Ok(true);
    }
    let names: Vec<(String, String)> = auth_permission::table
        .inner_join(django_content_type::table)
        .filter(auth_permission::id.eq_any(ids(permissions)))
        .select((django_content_type::app_label, auth_permission::codename))
        .load(conn)?;
    Ok(names.into_iter().all(|(app, codename)| viewer.can(&format!("{app}.{codename}"))))
}
