//! A user's list and forms, as Django's `UserAdmin`.

use diesel::prelude::*;
use diesel::result::Error;

use super::deletion::{DELETED_USERS, keep_entries};
use super::user_fields::{ADD_FIELDSETS, FIELDS, FIELDSETS, FILTERS, Row};
use super::user_queries::{insert, is_taken, select, update, with_rights};
use super::{Backend, id, relations, rights};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::field::{Field, FieldError};
use crate::admin::registry::model::{DeletePlan, Doomed, Fieldset, Filter, Meta, ModelAdmin};
use crate::admin::registry::sentence::Part;
use crate::auth::models::User;
use crate::auth::queries;
use crate::auth::schema::{auth_user, auth_user_groups, auth_user_user_permissions};
use crate::auth::validators::{self, Fault, Owner};
use crate::clock;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::context::session;

pub struct UserAdmin;

impl ModelAdmin for UserAdmin {
    type Row = Row;
    const META: Meta = Meta {
        app: "auth",
        model: "user",
        verbose_name: "auth-user",
        verbose_name_plural: "auth-user-plural",
        app_name: "auth-app",
    };

    fn fields() -> &'static [Field<Row>] {
        FIELDS
    }

    fn fieldsets() -> &'static [Fieldset] {
        FIELDSETS
    }

    fn add_fieldsets() -> Option<&'static [Fieldset]> {
        Some(ADD_FIELDSETS)
    }

    fn list_display() -> &'static [&'static str] {
        &["username", "email", "first_name", "last_name", "is_staff"]
    }

    fn list_filter() -> &'static [Filter] {
        FILTERS
    }

    fn sortable() -> &'static [&'static str] {
        Self::list_display()
    }

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("username", false)]
    }

    fn has_search() -> bool {
        true
    }

    fn pk(row: &Row) -> i64 {
        i64::from(row.id)
    }

    fn label(row: &Row) -> String {
        row.username.clone()
    }

    fn initial() -> Row {
        Row { is_active: true, has_password: true, date_joined: clock::now(), ..Row::default() }
    }

    fn count(conn: &mut Connection, query: &ListQuery) -> QueryResult<i64> {
        select(query).count().get_result(conn)
    }

    fn rows(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<Row>> {
        let users = ordered(query).offset(query.offset).limit(query.most());
        let users = users.select(User::as_select()).load(conn)?;
        with_rights(conn, users)
    }

    fn ids(conn: &mut Connection, query: &ListQuery) -> QueryResult<Vec<i64>> {
        let ids: Vec<i32> = ordered(query).select(auth_user::id).load(conn)?;
        Ok(ids.into_iter().map(i64::from).collect())
    }

    fn find(conn: &mut Connection, pk: i64) -> QueryResult<Row> {
        let user = queries::find(conn, id(pk)?)?;
        if user.username == DELETED_USERS {
            return Err(Error::NotFound);
        }
        with_rights(conn, vec![user])?.pop().ok_or(Error::NotFound)
    }

    fn clean(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<Vec<(&'static str, FieldError)>> {
        let mut errors = Vec::new();
        match validators::clean_username(&row.username) {
            Err(fault) => errors.push(("username", error(fault))),
            Ok(username) if is_taken(conn, pk, &username)? => errors.push(("username", error(Fault::UsernameTaken))),
            Ok(_) => {}
        }
        if pk.is_none() && row.has_password {
            let owner = Owner { username: &row.username, ..Owner::default() };
            let (first, second) = validators::check_twice(&row.password1, &row.password2, &owner);
            errors.extend(first.into_iter().map(|fault| ("password1", error(fault))));
            errors.extend(second.into_iter().map(|fault| ("password2", error(fault))));
        }
        Ok(errors)
    }

    fn forbids(
        conn: &mut Connection,
        viewer: &Viewer,
        was: Option<&Row>,
        becomes: Option<&Row>,
    ) -> QueryResult<Vec<(&'static str, FieldError)>> {
        rights::of_user(conn, viewer, was, becomes)
    }

    fn save(conn: &mut Connection, pk: Option<i64>, row: &Row) -> QueryResult<i64> {
        let was = pk.map(|pk| Self::find(conn, pk)).transpose()?;
        let user = match &was {
            Some(was) => {
                update(conn, row)?;
                rights::keep_one(conn, Some(was), Some(row))?;
                was.id
            }
            None => insert(conn, row)?,
        };
        relations::set_groups(conn, user, &row.groups)?;
        relations::set_permissions(conn, user, &row.user_permissions)?;
        Ok(i64::from(user))
    }

    /// What Django deletes with a user, but for the entries in the log, which stay here.
    fn delete_plan(conn: &mut Connection, pk: i64) -> QueryResult<DeletePlan> {
        let row = Self::find(conn, pk)?;
        let many = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let counts = vec![
            (Self::META.verbose_name_plural, 1),
            ("auth-user-group-plural", many(row.groups.len())),
            ("auth-user-permission-plural", many(row.user_permissions.len())),
        ];
        Ok(DeletePlan {
            objects: vec![Doomed { model: Self::META.verbose_name, label: row.username, children: Vec::new() }],
            counts: counts.into_iter().filter(|(_, count)| *count > 0).collect(),
            needs: vec!["auth.delete_user"],
        })
    }

    fn delete(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        let row = Self::find(conn, pk)?;
        let user = row.id;
        session::end_all(conn, user)?;
        keep_entries(conn, user, &row.username)?;
        diesel::delete(auth_user_groups::table.filter(auth_user_groups::user_id.eq(user))).execute(conn)?;
        let permissions = auth_user_user_permissions::table.filter(auth_user_user_permissions::user_id.eq(user));
        diesel::delete(permissions).execute(conn)?;
        diesel::delete(auth_user::table.find(user)).execute(conn)?;
        rights::keep_one(conn, Some(&row), None)
    }

    fn lock(conn: &mut Connection, pk: i64) -> QueryResult<()> {
        let user = auth_user::table.find(id(pk)?);
        diesel::update(user).set(auth_user::username.eq(auth_user::username)).execute(conn).map(|_| ())
    }
}

/// What a list shows, in its order.
fn ordered(query: &ListQuery) -> auth_user::BoxedQuery<'_, Backend> {
    let mut users = select(query);
    for (field, descending) in &query.order {
        users = match (*field, *descending) {
            ("email", false) => users.then_order_by(auth_user::email.asc()),
            ("email", true) => users.then_order_by(auth_user::email.desc()),
            ("first_name", false) => users.then_order_by(auth_user::first_name.asc()),
            ("first_name", true) => users.then_order_by(auth_user::first_name.desc()),
            ("last_name", false) => users.then_order_by(auth_user::last_name.asc()),
            ("last_name", true) => users.then_order_by(auth_user::last_name.desc()),
            ("is_staff", false) => users.then_order_by(auth_user::is_staff.asc()),
            ("is_staff", true) => users.then_order_by(auth_user::is_staff.desc()),
            (_, false) => users.then_order_by(auth_user::username.asc()),
            (_, true) => users.then_order_by(auth_user::username.desc()),
        };
    }
    users.then_order_by(auth_user::id.desc())
}

/// A fault of the forms of this module, as the admin's forms say it.
fn error(fault: Fault) -> FieldError {
    match fault {
        Fault::Required => FieldError::new("auth-error-required"),
        Fault::Null => FieldError::new("auth-error-null"),
        Fault::TooLong { most, .. } => FieldError::with_count("admin-error-too-long", most),
        Fault::Username => FieldError::new("auth-error-username"),
        Fault::UsernameTaken => FieldError::new("auth-error-username-taken"),
        Fault::Email => FieldError::new("auth-error-email"),
        Fault::Mismatch => FieldError::new("auth-error-mismatch"),
        Fault::Similar(attribute) => FieldError::new("auth-error-similar").with("attribute", Part::Message(attribute)),
        Fault::Short => {
            let least = i64::try_from(validators::SHORTEST).unwrap_or(i64::MAX);
            FieldError::new("auth-error-short").with("least", Part::Number(least))
        }
        Fault::Common => FieldError::new("auth-error-common"),
        Fault::Numeric => FieldError::new("auth-error-numeric"),
        Fault::OldPassword => FieldError::new("auth-error-old-password"),
    }
}
