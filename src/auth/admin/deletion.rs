//! A user who is deleted leaves the entries in the log: they belong to a user of ours from then on, since Django wants
//! each to have one, and keep the author's name.

use diesel::prelude::*;

use crate::admin::schema::django_admin_log;
use crate::auth::schema::auth_user;
use crate::clock;
use crate::db::{self, Connection};

/// The user that has the entries of those who are deleted. Nobody can log in as this user, and nobody else can have
/// the name: parentheses and spaces are none of a username's letters.
pub(super) const DELETED_USERS: &str = "(deleted users)";

/// Keeps what a user has done. To be run in the transaction of the deletion.
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

/// The id of that user, who is made when first needed; of two deletions at once the second finds it.
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
