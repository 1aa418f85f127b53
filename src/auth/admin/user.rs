//! The list and forms of users, as Django's `UserAdmin`.

use diesel::prelude::*;

use super::deletion::{DELETED_USERS, keep_entries};
use super::user_fields::{ADD_FIELDSETS, FIELDS, FIELDSETS, FILTERS, UserRow};
use super::user_queries::{self, insert, is_taken};
use super::{id, relations, rights};
use crate::admin::list::query::ListQuery;
use crate::admin::registry::descriptors::{DeletePlan, Fieldset, Filter, Meta};
use crate::admin::registry::field::{FieldError, FieldErrors, ModelField};
use crate::admin::registry::model_admin::{self, ModelAdmin, Query};
use crate::admin::registry::sentence::SentencePart;
use crate::admin::registry::table::TableRow as _;
use crate::auth::models::User;
use crate::auth::schema::{auth_user, auth_user_groups, auth_user_user_permissions};
use crate::auth::validators::{self, Fault, Owner};
use crate::clock;
use crate::db::Connection;
use crate::web::Viewer;
use crate::web::context::session;

pub struct UserAdmin;

impl ModelAdmin for UserAdmin {
    type Columns = User;
    type Row = UserRow;
    const META: Meta = Meta {
        app: "auth",
        model: "user",
        verbose_name: "auth-user",
        verbose_name_plural: "auth-user-plural",
        app_name: "auth-app",
    };

    fn fields() -> &'static [ModelField<UserRow>] {
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

    fn ordering() -> &'static [(&'static str, bool)] {
        &[("username", false)]
    }

    fn asks_for_password() -> bool {
        true
    }

    fn label(row: &UserRow) -> String {
        row.user.username.clone()
    }

    fn initial() -> UserRow {
        let user = User { is_active: true, date_joined: clock::now(), ..User::default() };
        UserRow { has_password: true, ..user.into() }
    }

    fn queryset<'a>() -> Query<'a, Self> {
        User::all().filter(auth_user::username.ne(DELETED_USERS))
    }

    fn filter<'a>(users: Query<'a, Self>, key: &str, value: &str, _query: &'a ListQuery) -> Query<'a, Self> {
        user_queries::filter(users, key, value)
    }

    fn annotate(conn: &mut Connection, users: Vec<User>) -> QueryResult<Vec<UserRow>> {
        user_queries::with_rights(conn, users)
    }

    fn clean(conn: &mut Connection, was: Option<&UserRow>, row: &UserRow) -> QueryResult<FieldErrors> {
        let mut errors = Vec::new();
        let pk = was.map(|was| was.user.id);
        match validators::clean_username(&row.user.username) {
            Err(fault) => errors.push(("username", error(fault))),
            Ok(username) if is_taken(conn, pk, &username)? => errors.push(("username", error(Fault::UsernameTaken))),
            Ok(_) => {}
        }
        if pk.is_none() && row.has_password {
            let owner = Owner { username: &row.user.username, ..Owner::default() };
            let (first, second) = validators::check_twice(&row.password1, &row.password2, &owner);
            errors.extend(first.into_iter().map(|fault| ("password1", error(fault))));
            errors.extend(second.into_iter().map(|fault| ("password2", error(fault))));
        }
        Ok(errors)
    }

    fn forbids(
        conn: &mut Connection,
        viewer: &Viewer,
        was: Option<&UserRow>,
        becomes: Option<&UserRow>,
    ) -> QueryResult<FieldErrors> {
        rights::of_user(conn, viewer, was, becomes)
    }

    fn save(conn: &mut Connection, was: Option<&UserRow>, row: &UserRow) -> QueryResult<i64> {
        let pk = match was {
            Some(_) => model_admin::write::<Self>(conn, was, row)?,
            None => insert(conn, row)?,
        };
        if was.is_some() {
            rights::keep_one(conn, was, Some(row))?;
        }
        let user = id(pk)?;
        relations::set_groups(conn, user, &row.groups)?;
        relations::set_permissions(conn, user, &row.user_permissions)?;
        Ok(pk)
    }

    /// What Django deletes with a user, except log entries, which are kept here.
    fn delete_plan(_conn: &mut Connection, row: &UserRow) -> QueryResult<DeletePlan> {
        let many = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let mut plan = DeletePlan::of(Self::META, Self::label(row));
        let others = [
            ("auth-user-group-plural", many(row.groups.len())),
            ("auth-user-permission-plural", many(row.user_permissions.len())),
        ];
        plan.counts.extend(others.into_iter().filter(|(_, count)| *count > 0));
        Ok(plan)
    }

    fn delete(conn: &mut Connection, row: &UserRow) -> QueryResult<()> {
        let user = row.user.id;
        session::end_all(conn, user)?;
        keep_entries(conn, user, &row.user.username)?;
        diesel::delete(auth_user_groups::table.filter(auth_user_groups::user_id.eq(user))).execute(conn)?;
        let permissions = auth_user_user_permissions::table.filter(auth_user_user_permissions::user_id.eq(user));
        diesel::delete(permissions).execute(conn)?;
        User::delete(conn, i64::from(user))?;
        rights::keep_one(conn, Some(row), None)
    }
}

/// Converts an error of this module's forms to an error of the admin's forms.
fn error(fault: Fault) -> FieldError {
    match fault {
        Fault::Required => FieldError::new("auth-error-required"),
        Fault::Null => FieldError::new("auth-error-null"),
        Fault::TooLong { most, .. } => FieldError::with_count("admin-error-too-long", most),
        Fault::Username => FieldError::new("auth-error-username"),
        Fault::UsernameTaken => FieldError::new("auth-error-username-taken"),
        Fault::Email => FieldError::new("auth-error-email"),
        Fault::Mismatch => FieldError::new("auth-error-mismatch"),
        Fault::Similar(attribute) => {
            FieldError::new("auth-error-similar").with("attribute", SentencePart::Message(attribute))
        }
        Fault::Short => {
            let least = i64::try_from(validators::SHORTEST).unwrap_or(i64::MAX);
            FieldError::new("auth-error-short").with("least", SentencePart::Number(least))
        }
        Fault::Common => FieldError::new("auth-error-common"),
        Fault::Numeric => FieldError::new("auth-error-numeric"),
        Fault::OldPassword => FieldError::new("auth-error-old-password"),
    }
}
