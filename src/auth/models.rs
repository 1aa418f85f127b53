//! A user, as Django keeps one.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::hashers;
use crate::auth::schema::auth_user;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = auth_user)]
pub struct User {
    pub id: i32,
    pub username: String,
    /// Encoded as Django does (`algorithm$…`), or unusable.
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

impl User {
    pub fn has_usable_password(&self) -> bool {
        hashers::is_usable(&self.password)
    }
}

/// A user to be made.
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
    /// As Django's `create_superuser`.
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
