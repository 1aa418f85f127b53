//! Which groups and permissions exist, and which users and groups have them.

use std::collections::HashMap;

use diesel::prelude::*;

use super::deletion::DELETED_USERS;
use super::ids;
use crate::admin::registry::sentence::SentencePart;
use crate::admin::schema::{django_admin_log, django_content_type};
use crate::auth::permissions;
use crate::auth::schema::{
    auth_group, auth_group_permissions, auth_permission, auth_user, auth_user_groups, auth_user_user_permissions,
};
use crate::db::{self, Connection};
use crate::web::Reader;

/// The ids of what each owner has, in ascending order; the key is the owner's id.
pub(super) type Owned = HashMap<i32, Vec<i64>>;

/// All permissions with names such as "Polls | question | Can view question", in Django's order and in the reader's
/// language. A permission that is none of Django's four for a model has the name in its table.
pub(super) fn permission_options(conn: &mut Connection, reader: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    let rows: Vec<(i32, String, String, String, String)> = auth_permission::table
        .inner_join(django_content_type::table)
        .order((django_content_type::app_label, django_content_type::model, auth_permission::codename))
        .select((
            auth_permission::id,
            django_content_type::app_label,
            django_content_type::model,
            auth_permission::codename,
            auth_permission::name,
        ))
        .load(conn)?;
    let option = |(id, app, model, codename, name): (i32, String, String, String, String)| {
        let sentence =
            reader.and_then(|reader| Some((reader, permissions::sentence(reader, &app, &model, &codename, &name)?)));
        let name = sentence.map_or(name, |(reader, (message, about))| reader.text_with(message, "name", &about));
        let [app, model] =
            [SentencePart::App(app.clone()), SentencePart::Model(app, model)].map(|part| part.read_by(reader));
        (i64::from(id), format!("{app} | {model} | {name}"))
    };
    Ok(rows.into_iter().map(option).collect())
}

pub(super) fn group_options(conn: &mut Connection, _: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    let columns = (auth_group::id, auth_group::name);
    let rows: Vec<Option<(i32, String)>> = db::readable(
        conn,
        "auth_group",
        |conn| auth_group::table.order(auth_group::name).select(columns).load(conn),
        |conn| auth_group::table.order(auth_group::name).select(auth_group::id).load(conn),
        |conn, id: i32| auth_group::table.find(id).select(columns).get_result(conn),
    )?;
    Ok(rows.into_iter().flatten().map(|(id, name)| (i64::from(id), name)).collect())
}

/// The users who have entries in the log.
pub(super) fn author_options(conn: &mut Connection, reader: Option<&Reader>) -> QueryResult<Vec<(i64, String)>> {
    let authors = || {
        auth_user::table
            .filter(auth_user::id.eq_any(django_admin_log::table.select(django_admin_log::user_id)))
            .order(auth_user::username)
    };
    let columns = (auth_user::id, auth_user::username);
    let rows: Vec<Option<(i32, String)>> = db::readable(
        conn,
        "auth_user",
        |conn| authors().select(columns).load(conn),
        |conn| authors().select(auth_user::id).load(conn),
        |conn, id: i32| auth_user::table.find(id).select(columns).get_result(conn),
    )?;
    let called = |name: String| match reader {
        Some(reader) if name == DELETED_USERS => reader.text("auth-deleted-users"),
        _ => name,
    };
    Ok(rows.into_iter().flatten().map(|(id, name)| (i64::from(id), called(name))).collect())
}

/// Reads and writes a table of a many-to-many relation.
macro_rules! relation {
    ($of:ident, $set:ident, $table:ident, $owner:ident, $owned:ident) => {
        pub(super) fn $of(conn: &mut Connection, owners: &[i32]) -> QueryResult<Owned> {
            let rows: Vec<(i32, i32)> = $table::table
                .filter($table::$owner.eq_any(owners))
                .order($table::$owned)
                .select(($table::$owner, $table::$owned))
                .load(conn)?;
            let mut owned = Owned::new();
            for (owner, id) in rows {
                owned.entry(owner).or_default().push(i64::from(id));
            }
            Ok(owned)
        }

        pub(super) fn $set(conn: &mut Connection, owner: i32, owned: &[i64]) -> QueryResult<()> {
            let wanted = ids(owned);
            let had = $of(conn, &[owner])?.remove(&owner).unwrap_or_default();
            let gone = $table::table.filter($table::$owner.eq(owner)).filter($table::$owned.ne_all(&wanted));
            diesel::delete(gone).execute(conn)?;
            for id in wanted.into_iter().filter(|id| !had.contains(&i64::from(*id))) {
                diesel::insert_into($table::table)
                    .values(($table::$owner.eq(owner), $table::$owned.eq(id)))
                    .execute(conn)?;
            }
            Ok(())
        }
    };
}

relation!(groups_of, set_groups, auth_user_groups, user_id, group_id);
relation!(permissions_of, set_permissions, auth_user_user_permissions, user_id, permission_id);
relation!(permissions_of_groups, set_group_permissions, auth_group_permissions, group_id, permission_id);
