//! A group's list and form, as Django's `GroupAdmin`.

use diesel::prelude::*;
use diesel::result::Error;

use super::{Backend, id, ids, relations, rights};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Field, FieldError, Kind, Value};
use crate::admin::registry::model::{DeletePlan, Doomed, Fieldset, Meta, ModelAdmin};
use crate::auth::schema::{auth_group, auth_group_permissions, auth_user_groups};
use crate::db::{self, Connection};
use crate::web::Viewer;

pub struct GroupAdmin;

/// A group with its permissions.
#[derive(Debug, Clone, Default)]
pub struct Row {
    id: i32,
    name: String,
    permissions: Vec<i64>,
}

const FIELDS: &[Field<Row>] = &[
    Field::editable(
        "name",
        "auth-group-name",
        Kind::Text { max_length: 150 },
        |row: &Row| Value::Text(row.name.clone()),
        |row: &mut Row, value| row.name = value.text(),
    ),
    Field::editable(
        "permissions",
        "auth-permissions",
        Kind::Many(relations::permission_options),
        |row: &Row| Value::Many(row.permissions.clone()),
        |row: &mut Row, value| row.permissions = value.many(),
    )
    .optional()
    .help("auth-group-permissions-help"),
];

impl ModelAdmin for GroupAdmin {
    type Row = Row;
    const META: Meta = Meta {
        app: "auth",
        model: "group",
        verbose_name: "auth-group",
        verbose_name_plural: "auth-group-plural",
        app_name: "auth-app",
    };

    fn fields() -> &'static [Field<Row>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["name", "permissions"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["name"]
    }

    fn sortable() -> &'static [&'static str] {
        &["name"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("name", false)]
    }

    fn has_search() -> bool {
        true
    }

    fn pk(row: &Row) -> i64 {
        i64::from(row.id)
    }

    fn label(row: &Row) -> String {
        row.name.clone()
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        select(query).count().get_result(conn)
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Row>> {
        let groups = ordered(query).offset(query.offset).limit(query.most());
        let groups = groups.select((auth_group::id, auth_group::name)).load(conn)?;
        with_permissions(conn, groups)
    }

    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        let ids: Vec<i32> = ordered(query).select(auth_group::id).load(conn)?;
        Ok(ids.into_iter().map(i64::from).collect())
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Row> {
        let group = auth_group::table.find(id(pk)?).select((auth_group::id, auth_group::name)).first(conn)?;
        with_permissions(conn, vec![group])?.pop().ok_or(Error::NotFound)
    }

    fn clean(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let others: i64 = auth_group::table
            .filter(auth_group::name.eq(&row.name))
            .filter(auth_group::id.ne(id(pk.unwrap_or(0))?))
            .count()
            .get_result(conn)?;
        Ok(if others > 0 { vec![("name", FieldError::new("auth-error-group-taken"))] } else { Vec::new() })
    }

    fn forbids(
        conn: &mut Connection,
        viewer: &Viewer,
        was: Option<&Row>,
        becomes: Option<&Row>,
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let permissions = |row: Option<&Row>| row.map(|row| row.permissions.clone()).unwrap_or_default();
        rights::of_group(conn, viewer, &permissions(was), &permissions(becomes))
    }

    fn save(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<i64> {
        let pk = match pk {
            Some(pk) => {
                diesel::update(auth_group::table.find(id(pk)?)).set(auth_group::name.eq(&row.name)).execute(conn)?;
                pk
            }
            None => {
                diesel::insert_into(auth_group::table).values(auth_group::name.eq(&row.name)).execute(conn)?;
                db::last_insert_id(conn)?
            }
        };
        relations::set_group_permissions(conn, id(pk)?, &row.permissions)?;
        Ok(pk)
    }

    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        let row = Self::find(conn, pk)?;
        let members: i64 =
            auth_user_groups::table.filter(auth_user_groups::group_id.eq(row.id)).count().get_result(conn)?;
        let permissions = i64::try_from(row.permissions.len()).unwrap_or(i64::MAX);
        let counts = vec![
            (Self::META.verbose_name_plural, 1),
            ("auth-group-permission-plural", permissions),
            ("auth-user-group-plural", members),
        ];
        Ok(DeletePlan {
            objects: vec![Doomed { model: Self::META.verbose_name, label: row.name, children: Vec::new() }],
            counts: counts.into_iter().filter(|(_, count)| *count > 0).collect(),
            needs: vec!["auth.delete_group"],
        })
    }

    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        let group = id(pk)?;
        diesel::delete(auth_user_groups::table.filter(auth_user_groups::group_id.eq(group))).execute(conn)?;
        let permissions = auth_group_permissions::table.filter(auth_group_permissions::group_id.eq(group));
        diesel::delete(permissions).execute(conn)?;
        diesel::delete(auth_group::table.find(group)).execute(conn).map(|_| ())
    }

    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        let group = auth_group::table.find(id(pk)?);
        diesel::update(group).set(auth_group::name.eq(auth_group::name)).execute(conn).map(|_| ())
    }
}

/// What a list shows, in its order.
fn ordered(query: &ListQuery) -> auth_group::BoxedQuery<'_, Backend> {
    let mut groups = select(query);
    for (_, descending) in &query.order {
        groups = match *descending {
            false => groups.then_order_by(auth_group::name.asc()),
            true => groups.then_order_by(auth_group::name.desc()),
        };
    }
    groups.then_order_by(auth_group::id.desc())
}

fn select(query: &ListQuery) -> auth_group::BoxedQuery<'_, Backend> {
    let mut groups = auth_group::table.into_boxed();
    for word in &query.words {
        groups = groups.filter(db::contains(auth_group::name, word));
    }
    match &query.ids {
        Some(pks) => groups.filter(auth_group::id.eq_any(ids(pks))),
        None => groups,
    }
}

fn with_permissions(conn: &mut Connection, groups: Vec<(i32, String)>) -> QueryResult<Vec<Row>> {
    let ids: Vec<i32> = groups.iter().map(|(id, _)| *id).collect();
    let mut permissions = relations::permissions_of_groups(conn, &ids)?;
    let row = |(id, name)| Row { id, name, permissions: permissions.remove(&id).unwrap_or_default() };
    Ok(groups.into_iter().map(row).collect())
}
