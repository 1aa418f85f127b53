//! Who is looking at a page, and what they may do. Filled by `auth`; all that other features know of a user.

use std::collections::HashSet;
use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::web::{Ambient, Error, Result};

/// Where people log in (Django's `LOGIN_URL`).
pub const LOGIN_URL: &str = "/admin/login/";

/// A user who is logged in and active.
///
/// As a handler's argument: `Option<Viewer>`, or [`Staff`] where only staff may go.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    pub id: i32,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    pub is_staff: bool,
    pub is_superuser: bool,
    pub has_usable_password: bool,
    /// `app.codename` of every permission, their own and their groups'; empty for a superuser, who needs none.
    pub permissions: Arc<HashSet<String>>,
}

impl Viewer {
    /// Whether they have a permission, such as `polls.change_question`.
    pub fn can(&self, permission: &str) -> bool {
        self.is_superuser || self.permissions.contains(permission)
    }

    /// What the page calls them: the first name, or the username where there is none.
    pub fn short_name(&self) -> &str {
        if self.first_name.is_empty() { &self.username } else { &self.first_name }
    }

    /// First and last name, or the username where there is neither.
    pub fn full_name(&self) -> String {
        let name = format!("{} {}", self.first_name, self.last_name);
        match name.trim() {
            "" => self.username.clone(),
            name => name.to_owned(),
        }
    }
}

impl FromRequest for Viewer {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ambient::required(request).and_then(|ambient| {
            ambient.make_private();
            ambient.viewer().map(|viewer| (*viewer).clone()).ok_or_else(|| to_login(&ambient))
        }))
    }
}

/// A viewer who may enter the admin. Others are sent to the login page, which tells those who are logged
/// in that they need another account.
#[derive(Clone)]
pub struct Staff {
    pub viewer: Viewer,
    ambient: Rc<Ambient>,
}

impl Staff {
    /// Holds them to a permission.
    ///
    /// # Errors
    /// `PermissionDenied`, which is written to the log.
    pub fn demand(&self, permission: &str) -> Result<()> {
        if self.viewer.can(permission) { Ok(()) } else { Err(self.deny(permission)) }
    }

    /// The error for a viewer who lacks a permission, written to the log.
    pub fn deny(&self, permission: &str) -> Error {
        tracing::warn!(
            target: "polls.security",
            request_id = self.ambient.request_id,
            user = self.viewer.username,
            permission,
            "Refused: the user lacks a permission.",
        );
        Error::PermissionDenied
    }
}

impl Deref for Staff {
    type Target = Viewer;

    fn deref(&self) -> &Viewer {
        &self.viewer
    }
}

impl FromRequest for Staff {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ambient::required(request).and_then(|ambient| {
            ambient.make_private();
            match ambient.viewer() {
                Some(viewer) if viewer.is_staff => Ok(Self { viewer: (*viewer).clone(), ambient }),
                Some(viewer) => {
                    tracing::warn!(
                        target: "polls.security",
                        request_id = ambient.request_id,
                        user = viewer.username,
                        "Refused: the user is not staff.",
                    );
                    Err(to_login(&ambient))
                }
                None => Err(to_login(&ambient)),
            }
        }))
    }
}

fn to_login(ambient: &Ambient) -> Error {
    let next: String = form_urlencoded::byte_serialize(ambient.target.as_bytes()).collect();
    Error::LoginRequired(format!("{}?next={next}", ambient.site.url(LOGIN_URL)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(is_superuser: bool) -> Viewer {
        let permissions = Arc::new(HashSet::from(["polls.change_question".to_owned()]));
        Viewer { username: "ada".to_owned(), is_superuser, permissions, ..Viewer::default() }
    }

    #[test]
    fn a_superuser_may_all_and_others_what_they_were_given() {
        assert!(viewer(false).can("polls.change_question"));
        assert!(!viewer(false).can("polls.delete_question"));
        assert!(viewer(true).can("polls.delete_question"));
    }

    #[test]
    fn a_viewer_without_names_goes_by_the_username() {
        let ada = viewer(false);
        assert_eq!((ada.short_name(), ada.full_name().as_str()), ("ada", "ada"));
        let named = Viewer { first_name: "Ada".to_owned(), last_name: "Lovelace".to_owned(), ..ada };
        assert_eq!((named.short_name(), named.full_name().as_str()), ("Ada", "Ada Lovelace"));
    }
}
