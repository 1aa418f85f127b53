//! The model of a user, with Django's columns.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::hashers;
use crate::auth::schema::auth_user;
use crate::db::moment::DateLiteral;

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = auth_user, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct User {
    #[diesel(skip_insertion)]
    pub id: i32,
    pub username: String,
    /// Encoded as by Django (`algorithm$…`), or unusable.
    #[diesel(skip_update)]
    pub password: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub is_staff: bool,
    pub is_active: bool,
    pub is_superuser: bool,
    #[diesel(serialize_as = DateLiteral, skip_update)]
    pub last_login: Option<NaiveDateTime>,
    #[diesel(serialize_as = DateLiteral)]
    pub date_joined: NaiveDateTime,
}

impl User {
    pub fn has_usable_password(&self) -> bool {
        hashers::is_usable(&self.password)
    }
}

/// A user to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub username: String,
    /// Encoded.
    pub password: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub is_staff: bool,
    pub is_active: bool,
    pub is_superuser: bool,
    pub last_login: Option<NaiveDateTime>,
    pub date_joined: NaiveDateTime,
}

impl NewUser {
    /// A superuser as by Django's `create_superuser`.
    pub fn superuser(username: String, email: String, password: String, now: NaiveDateTime) -> Self {
        Self {
            username,
            password,
            first_name: String::new(),
            last_name: String::new(),
            email,
            is_staff: true,
            is_active: true,
            is_superuser: true,
            last_login: None,
            date_joined: now,
        }
    }
}
