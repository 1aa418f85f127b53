//! Deleting a user. Unlike in Django, the user's log entries are kept: they are given to a user of ours, because
//! Django's table requires each to have one, and the author's name is stored in them.

use diesel::prelude::*;

use crate::admin::schema::django_admin_log;
use crate::auth::schema::auth_user;
use crate::clock;
use crate::db::{self, Connection};

/// The name of the user who gets the log entries of deleted users. Nobody can log in as this user. No other user can
/// have this name, because usernames may not contain parentheses or spaces.
pub(super) const DELETED_USERS: &str = "(deleted users)";

/// Gives a user's log entries to [`DELETED_USERS`]. Must run in the transaction of the deletion.
pub(super) fn keep_entries(conn: &mut Connection, user: i32, username: &str) -> QueryResult<()> {
    let entries = django_admin_log::table.filter(django_admin_log::user_id.eq(user));
    if entries.count().get_result::<i64>(conn)? == 0 {
        return Ok(());
    }
    let deleted_users = deleted_users(conn)?;
    diesel::update(entries)
        .set((django_admin_log::author.eq(username), django_admin_log::user_id.eq(deleted_users)))
        .execute(conn)
        .map(|_| ())
}

/// The id of that user, who is inserted when first needed. If two deletions run at once, the second waits for the first
/// and finds the user.
fn deleted_users(conn: &mut Connection) -> QueryResult<i32> {
    let columns = "username, password, first_name, last_name, email, is_staff, is_active, is_superuser, date_joined";
    let now = clock::storable(clock::now()).format("%Y-%m-%d %H:%M:%S%.6f");
    let or_lock = db::or_lock(conn, "auth_user", "username");
    diesel::sql_query(format!(
        "INSERT INTO auth_user ({columns}) \
         VALUES ('{DELETED_USERS}', '!', '', '', '', FALSE, FALSE, FALSE, '{now}') {or_lock}"
    ))
    .execute(conn)?;
    auth_user::table.filter(auth_user::username.eq(DELETED_USERS)).select(auth_user::id).first(conn)
}
