//! The fields of users in the list and the forms.

use super::relations;
use crate::admin::registry::descriptors::{Fieldset, Filter, FilterChoices};
use crate::admin::registry::field::{FieldKind, ModelField, Value};
use crate::admin::registry::table::{annotated_row, table_row};
use crate::auth::models::User;
use crate::auth::schema::auth_user;
use crate::auth::{paths, validators};

/// A user with the ids of groups and permissions, and the typed passwords.
#[derive(Debug, Clone, Default)]
pub struct UserRow {
    pub user: User,
    pub groups: Vec<i64>,
    pub user_permissions: Vec<i64>,
    /// Whether the user can log in with a password; in the form for a new user, whether one is to be set.
    pub has_password: bool,
    pub password1: String,
    pub password2: String,
}

table_row!(User: auth_user, i32);
annotated_row!(UserRow.user: User);

impl UserRow {
    /// Whether the user can log in to the admin and has all permissions there.
    pub fn administrates(&self) -> bool {
        self.user.is_superuser && self.user.is_active && self.user.is_staff
    }
}

const USABLE: &[(&str, &str)] = &[("true", "auth-enabled"), ("false", "auth-disabled")];

pub(super) const FIELDS: &[ModelField<UserRow>] = &[
    ModelField::editable(
        "username",
        "auth-username",
        FieldKind::Text { max_length: 150 },
        |row: &UserRow| Value::Text(row.user.username.clone()),
        |row: &mut UserRow, value| {
            // In the normal form in which usernames are stored. `clean` refuses a name that is not valid.
            let typed = value.text();
            row.user.username = validators::clean_username(&typed).unwrap_or(typed);
        },
    )
    .searched()
    .help("auth-username-help")
    .autocomplete("username"),
    ModelField::shown("password", "auth-password", FieldKind::Link, |row: &UserRow| {
        let text = if row.has_password { "auth-reset-password" } else { "auth-set-password" };
        Value::Link(text, paths::user_password(row.user.id))
    })
    .help("auth-password-raw-help"),
    ModelField::editable(
        "usable_password",
        "auth-usable-password",
        FieldKind::Choice(USABLE),
        |row: &UserRow| Value::choice(USABLE, if row.has_password { "true" } else { "false" }).unwrap_or(Value::Empty),
        // As in Django, every value other than "false" stands for yes.
        |row: &mut UserRow, value| row.has_password = value.text() != "false",
    )
    .optional()
    .help("auth-usable-password-help"),
    ModelField::editable(
        "password1",
        "auth-password",
        FieldKind::Password,
        |row: &UserRow| Value::Text(row.password1.clone()),
        |row: &mut UserRow, value| row.password1 = value.text(),
    )
    .optional()
    .help("auth-password-help"),
    ModelField::editable(
        "password2",
        "auth-password-again",
        FieldKind::Password,
        |row: &UserRow| Value::Text(row.password2.clone()),
        |row: &mut UserRow, value| row.password2 = value.text(),
    )
    .optional()
    .help("auth-password-again-help"),
    ModelField::editable(
        "first_name",
        "auth-first-name",
        FieldKind::Text { max_length: 150 },
        |row: &UserRow| Value::Text(row.user.first_name.clone()),
        |row: &mut UserRow, value| row.user.first_name = value.text(),
    )
    .searched()
    .optional(),
    ModelField::editable(
        "last_name",
        "auth-last-name",
        FieldKind::Text { max_length: 150 },
        |row: &UserRow| Value::Text(row.user.last_name.clone()),
        |row: &mut UserRow, value| row.user.last_name = value.text(),
    )
    .searched()
    .optional(),
    ModelField::editable(
        "email",
        "auth-email",
        FieldKind::Email { max_length: 254 },
        |row: &UserRow| Value::Text(row.user.email.clone()),
        |row: &mut UserRow, value| row.user.email = value.text(),
    )
    .searched()
    .optional(),
    ModelField::editable(
        "is_active",
        "auth-is-active",
        FieldKind::Boolean,
        |row: &UserRow| Value::Boolean(row.user.is_active),
        |row: &mut UserRow, value| row.user.is_active = value.boolean(),
    )
    .optional()
    .help("auth-is-active-help"),
    ModelField::editable(
        "is_staff",
        "auth-is-staff",
        FieldKind::Boolean,
        |row: &UserRow| Value::Boolean(row.user.is_staff),
        |row: &mut UserRow, value| row.user.is_staff = value.boolean(),
    )
    .optional()
    .help("auth-is-staff-help"),
    ModelField::editable(
        "is_superuser",
        "auth-is-superuser",
        FieldKind::Boolean,
        |row: &UserRow| Value::Boolean(row.user.is_superuser),
        |row: &mut UserRow, value| row.user.is_superuser = value.boolean(),
    )
    .optional()
    .help("auth-is-superuser-help"),
    ModelField::editable(
        "groups",
        "auth-groups",
        FieldKind::Many(relations::group_options),
        |row: &UserRow| Value::Many(row.groups.clone()),
        |row: &mut UserRow, value| row.groups = value.many(),
    )
    .of("auth", "group")
    .optional()
    .help("auth-groups-help"),
    ModelField::editable(
        "user_permissions",
        "auth-user-permissions",
        FieldKind::Many(relations::permission_options),
        |row: &UserRow| Value::Many(row.user_permissions.clone()),
        |row: &mut UserRow, value| row.user_permissions = value.many(),
    )
    .optional()
    .help("auth-user-permissions-help"),
    // Read-only, unlike in Django: a login writes it, also while the form is open, and saving the form would overwrite
    // that.
    ModelField::shown("last_login", "auth-last-login", FieldKind::DateTime, |row: &UserRow| row.user.last_login.into()),
    ModelField::editable(
        "date_joined",
        "auth-date-joined",
        FieldKind::DateTime,
        |row: &UserRow| Value::DateTime(row.user.date_joined),
        |row: &mut UserRow, value| row.user.date_joined = value.date_time().unwrap_or(row.user.date_joined),
    ),
];

pub(super) const FIELDSETS: &[Fieldset] = &[
    Fieldset { title: None, fields: &["username", "password"], collapsed: false },
    Fieldset { title: Some("auth-personal-info"), fields: &["first_name", "last_name", "email"], collapsed: false },
    Fieldset {
        title: Some("auth-permissions"),
        fields: &["is_active", "is_staff", "is_superuser", "groups", "user_permissions"],
        collapsed: false,
    },
    Fieldset { title: Some("auth-important-dates"), fields: &["last_login", "date_joined"], collapsed: false },
];

pub(super) const ADD_FIELDSETS: &[Fieldset] =
    &[Fieldset { title: None, fields: &["username", "usable_password", "password1", "password2"], collapsed: false }];

const YES_NO: FilterChoices = FilterChoices::Fixed(&[("1", "admin-yes"), ("0", "admin-no")]);

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("is_staff__exact", "auth-is-staff", YES_NO),
    Filter::new("is_superuser__exact", "auth-is-superuser", YES_NO),
    Filter::new("is_active__exact", "auth-is-active", YES_NO),
    Filter::new("groups__id__exact", "auth-groups", FilterChoices::Options(relations::group_options))
        .or_empty("groups__isnull"),
];
