//! The two entrances for users: the admin's, for staff, and the public site's, for every active user. The handlers of
//! login, logout and passwords are the same for both; addresses and the look of the pages differ.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::models::User;
use super::paths;
use crate::web::{Ambient, Error, Result, Staff, Viewer};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Door {
    pub is_admin: bool,
    pub login: &'static str,
    /// The page that asks for the second factor.
    pub login_code: &'static str,
    pub logout: &'static str,
    pub end_others: &'static str,
    pub password_change: &'static str,
    pub password_change_done: &'static str,
    /// The page after a login without another destination.
    pub home: &'static str,
}

/// The admin's, then the public site's.
pub static DOORS: [Door; 2] = [
    Door {
        is_admin: true,
        login: paths::LOGIN,
        login_code: paths::LOGIN_CODE,
        logout: paths::LOGOUT,
        end_others: paths::END_OTHERS,
        password_change: paths::PASSWORD_CHANGE,
        password_change_done: paths::PASSWORD_CHANGE_DONE,
        home: paths::INDEX,
    },
    Door {
        is_admin: false,
        login: paths::ACCOUNT_LOGIN,
        login_code: paths::ACCOUNT_LOGIN_CODE,
        logout: paths::ACCOUNT_LOGOUT,
        end_others: paths::ACCOUNT_END_OTHERS,
        password_change: paths::ACCOUNT_PASSWORD_CHANGE,
        password_change_done: paths::ACCOUNT_PASSWORD_CHANGE_DONE,
        home: paths::HOME,
    },
];

impl Door {
    /// The entrance to whose addresses a request's belongs.
    pub fn of(ambient: &Ambient) -> &'static Self {
        let path = ambient.target.strip_prefix(ambient.site.settings.mount.as_str());
        &DOORS[usize::from(path.is_some_and(|path| path.starts_with(paths::ACCOUNTS)))]
    }

    pub fn admits(&self, user: &User) -> bool {
        user.is_active && (user.is_staff || !self.is_admin)
    }

    pub fn admits_viewer(&self, viewer: &Viewer) -> bool {
        viewer.is_staff || !self.is_admin
    }
}

/// A viewer who has come through the door of the requested address. Others are sent to its login page.
pub struct Account {
    pub viewer: Viewer,
    pub door: &'static Door,
}

impl FromRequest for Account {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ambient::required(request).and_then(|ambient| {
            let door = Door::of(&ambient);
            let viewer = if door.is_admin {
                Staff::from_request(request, payload).into_inner()?.viewer
            } else {
                Viewer::from_request(request, payload).into_inner()?
            };
            Ok(Self { viewer, door })
        }))
    }
}
