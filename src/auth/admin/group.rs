//! The list and form of groups, as Django's `GroupAdmin`.

use diesel::prelude::*;

use super::{id, relations, rights};
use crate::admin::registry::descriptors::{DeletePlan, Fieldset, Meta};
use crate::admin::registry::field::{FieldError, FieldErrors, FieldKind, ModelField, Value};
use crate::admin::registry::model_admin::{self, ModelAdmin};
use crate::admin::registry::table::{TableRow as _, annotated_row, table_row};
use crate::auth::schema::{auth_group, auth_group_permissions, auth_user_groups};
use crate::db::Connection;
use crate::web::Viewer;

pub struct GroupAdmin;

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = auth_group)]
pub struct Group {
    #[diesel(skip_insertion)]
    id: i32,
    name: String,
}

/// A group with the ids of its permissions.
#[derive(Debug, Clone, Default)]
pub struct GroupRow {
    group: Group,
    permissions: Vec<i64>,
}

table_row!(Group: auth_group, i32);
annotated_row!(GroupRow.group: Group);

const FIELDS: &[ModelField<GroupRow>] = &[
    ModelField::editable(
        "name",
        "auth-group-name",
        FieldKind::Text { max_length: 150 },
        |row: &GroupRow| Value::Text(row.group.name.clone()),
        |row: &mut GroupRow, value| row.group.name = value.text(),
    )
    .searched(),
    ModelField::editable(
        "permissions",
        "auth-permissions",
        FieldKind::Many(relations::permission_options),
        |row: &GroupRow| Value::Many(row.permissions.clone()),
        |row: &mut GroupRow, value| row.permissions = value.many(),
    )
    .optional()
    .help("auth-group-permissions-help"),
];

impl ModelAdmin for GroupAdmin {
    type Columns = Group;
    type Row = GroupRow;
    const META: Meta = Meta {
        app: "auth",
        model: "group",
        verbose_name: "auth-group",
        verbose_name_plural: "auth-group-plural",
        app_name: "auth-app",
    };

    fn fields() -> &'static [ModelField<GroupRow>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        &[Fieldset { title: None, fields: &["name", "permissions"], collapsed: false }]
    }

    fn list_display() -> &'static [&'static str] {
        &["name"]
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("name", false)]
    }

    fn asks_for_password() -> bool {
        true
    }

    fn label(row: &GroupRow) -> String {
        row.group.name.clone()
    }

    fn annotate(conn: &mut Connection, groups: Vec<Group>) -> QueryResult<Vec<GroupRow>> {
        let ids: Vec<i32> = groups.iter().map(|group| group.id).collect();
        let mut permissions = relations::permissions_of_groups(conn, &ids)?;
        let row = |group: Group| GroupRow { permissions: permissions.remove(&group.id).unwrap_or_default(), group };
        Ok(groups.into_iter().map(row).collect())
    }

    fn clean(conn: &mut Connection, was: Option<&GroupRow>, row: &GroupRow) -> QueryResult<FieldErrors> {
        let others: i64 = auth_group::table
            .filter(auth_group::name.eq(&row.group.name))
            .filter(auth_group::id.ne(was.map_or(0, |was| was.group.id)))
            .count()
            .get_result(conn)?;
        Ok(if others > 0 { vec![("name", FieldError::new("auth-error-group-taken"))] } else { Vec::new() })
    }

    fn forbids(
        conn: &mut Connection,
        viewer: &Viewer,
        was: Option<&GroupRow>,
        becomes: Option<&GroupRow>,
    ) -> QueryResult<FieldErrors> {
        let permissions = |row: Option<&GroupRow>| row.map(|row| row.permissions.clone()).unwrap_or_default();
        rights::of_group(conn, viewer, &permissions(was), &permissions(becomes))
    }

    fn save(conn: &mut Connection, was: Option<&GroupRow>, row: &GroupRow) -> QueryResult<i64> {
        let pk = model_admin::write::<Self>(conn, was, row)?;
        relations::set_group_permissions(conn, id(pk)?, &row.permissions)?;
        Ok(pk)
    }

    fn delete_plan(conn: &mut Connection, row: &GroupRow) -> QueryResult<DeletePlan> {
        let members: i64 =
            auth_user_groups::table.filter(auth_user_groups::group_id.eq(row.group.id)).count().get_result(conn)?;
        let permissions = i64::try_from(row.permissions.len()).unwrap_or(i64::MAX);
        let mut plan = DeletePlan::of(Self::META, Self::label(row));
        let others = [("auth-group-permission-plural", permissions), ("auth-user-group-plural", members)];
        plan.counts.extend(others.into_iter().filter(|(_, count)| *count > 0));
        Ok(plan)
    }

    fn delete(conn: &mut Connection, row: &GroupRow) -> QueryResult<()> {
        let group = row.group.id;
        diesel::delete(auth_user_groups::table.filter(auth_user_groups::group_id.eq(group))).execute(conn)?;
        let permissions = auth_group_permissions::table.filter(auth_group_permissions::group_id.eq(group));
        diesel::delete(permissions).execute(conn)?;
        Group::delete(conn, i64::from(group))
    }
}
