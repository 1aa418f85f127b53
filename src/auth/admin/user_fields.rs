//! What the list and the forms of users show.

use chrono::NaiveDateTime;

use super::relations;
use crate::admin::registry::field::{Field, Kind, Value};
use crate::admin::registry::model::{Choices, Fieldset, Filter};
use crate::auth::models::User;
use crate::auth::{paths, validators};

/// A user with groups and permissions, and what is typed for a password.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub id: i32,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub is_staff: bool,
    pub is_active: bool,
    pub is_superuser: bool,
    pub last_login: Option<NaiveDateTime>,
    pub date_joined: NaiveDateTime,
    pub groups: Vec<i64>,
    pub user_permissions: Vec<i64>,
    /// Whether a password opens the account.
    pub has_password: bool,
    pub password1: String,
    pub password2: String,
}

impl Row {
    pub fn of(user: User) -> Self {
        Self {
            has_password: user.has_usable_password(),
            id: user.id,
            username: user.username,
            first_name: user.first_name,
            last_name: user.last_name,
            email: user.email,
            is_staff: user.is_staff,
            is_active: user.is_active,
            is_superuser: user.is_superuser,
            last_login: user.last_login,
            date_joined: user.date_joined,
            ..Self::default()
        }
    }

    /// Whether they can log in to the admin and do everything there.
    pub fn administrates(&self) -> bool {
        self.is_superuser && self.is_active && self.is_staff
    }
}

const USABLE: &[(&str, &str)] = &[("true", "auth-enabled"), ("false", "auth-disabled")];

pub(super) const FIELDS: &[Field<Row>] = &[
    Field::editable(
        "username",
        "auth-username",
        Kind::Text { max_length: 150 },
        |row: &Row| Value::Text(row.username.clone()),
        |row: &mut Row, value| {
            // In the spelling in which it is kept; what cannot be is found by `clean`.
            let typed = value.text();
            row.username = validators::clean_username(&typed).unwrap_or(typed);
        },
    )
    .help("auth-username-help")
    .autocomplete("username"),
    Field::shown("password", "auth-password", Kind::Link, |row: &Row| {
        let text = if row.has_password { "auth-reset-password" } else { "auth-set-password" };
        Value::Link(text, paths::user_password(row.id))
    })
    .help("auth-password-raw-help"),
    Field::editable(
        "usable_password",
        "auth-usable-password",
        Kind::Choice(USABLE),
        |row: &Row| Value::choice(USABLE, if row.has_password { "true" } else { "false" }).unwrap_or(Value::Empty),
        // As Django: whatever is not "false" means that there is to be one.
        |row: &mut Row, value| row.has_password = value.text() != "false",
    )
    .optional()
    .help("auth-usable-password-help"),
    Field::editable(
        "password1",
        "auth-password",
        Kind::Password,
        |row: &Row| Value::Text(row.password1.clone()),
        |row: &mut Row, value| row.password1 = value.text(),
    )
    .optional()
    .help("auth-password-help"),
    Field::editable(
        "password2",
        "auth-password-again",
        Kind::Password,
        |row: &Row| Value::Text(row.password2.clone()),
        |row: &mut Row, value| row.password2 = value.text(),
    )
    .optional()
    .help("auth-password-again-help"),
    Field::editable(
        "first_name",
        "auth-first-name",
        Kind::Text { max_length: 150 },
        |row: &Row| Value::Text(row.first_name.clone()),
        |row: &mut Row, value| row.first_name = value.text(),
    )
    .optional(),
    Field::editable(
        "last_name",
        "auth-last-name",
        Kind::Text { max_length: 150 },
        |row: &Row| Value::Text(row.last_name.clone()),
        |row: &mut Row, value| row.last_name = value.text(),
    )
    .optional(),
    Field::editable(
        "email",
        "auth-email",
        Kind::Email { max_length: 254 },
        |row: &Row| Value::Text(row.email.clone()),
        |row: &mut Row, value| row.email = value.text(),
    )
    .optional(),
    Field::editable(
        "is_active",
        "auth-is-active",
        Kind::Boolean,
        |row: &Row| Value::Boolean(row.is_active),
        |row: &mut Row, value| row.is_active = value.boolean(),
    )
    .optional()
    .help("auth-is-active-help"),
    Field::editable(
        "is_staff",
        "auth-is-staff",
        Kind::Boolean,
        |row: &Row| Value::Boolean(row.is_staff),
        |row: &mut Row, value| row.is_staff = value.boolean(),
    )
    .optional()
    .help("auth-is-staff-help"),
    Field::editable(
        "is_superuser",
        "auth-is-superuser",
        Kind::Boolean,
        |row: &Row| Value::Boolean(row.is_superuser),
        |row: &mut Row, value| row.is_superuser = value.boolean(),
    )
    .optional()
    .help("auth-is-superuser-help"),
    Field::editable(
        "groups",
        "auth-groups",
        Kind::Many(relations::group_options),
        |row: &Row| Value::Many(row.groups.clone()),
        |row: &mut Row, value| row.groups = value.many(),
    )
    .of("auth", "group")
    .optional()
    .help("auth-groups-help"),
    Field::editable(
        "user_permissions",
        "auth-user-permissions",
        Kind::Many(relations::permission_options),
        |row: &Row| Value::Many(row.user_permissions.clone()),
        |row: &mut Row, value| row.user_permissions = value.many(),
    )
    .optional()
    .help("auth-user-permissions-help"),
    // A login writes it, also while the form is open: it is no input as in Django.
    Field::shown("last_login", "auth-last-login", Kind::DateTime, |row: &Row| {
        row.last_login.map_or(Value::Empty, Value::DateTime)
    }),
    Field::editable(
        "date_joined",
        "auth-date-joined",
        Kind::DateTime,
        |row: &Row| Value::DateTime(row.date_joined),
        |row: &mut Row, value| row.date_joined = value.date_time().unwrap_or(row.date_joined),
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

const YES_NO: Choices = Choices::Fixed(&[("1", "admin-yes"), ("0", "admin-no")]);

pub(super) const FILTERS: &[Filter] = &[
    Filter::new("is_staff__exact", "auth-is-staff", YES_NO),
    Filter::new("is_superuser__exact", "auth-is-superuser", YES_NO),
    Filter::new("is_active__exact", "auth-is-active", YES_NO),
    Filter::new("groups__id__exact", "auth-groups", Choices::Options(relations::group_options))
        .or_empty("groups__isnull"),
];
