//! The handlers' argument for pages of the admin: a viewer who is staff.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::web::{Ambient, Error, Result, Viewer, paths};

/// A viewer who may use the admin. Others are sent to the login page, which says to those who are logged in that they
/// need another account.
#[derive(Clone)]
pub struct Staff {
    pub viewer: Viewer,
    ambient: Rc<Ambient>,
}

impl Staff {
    /// Refuses a viewer who lacks a permission.
    ///
    /// # Errors
    /// `PermissionDenied` if the viewer lacks it, which is logged.
    pub fn demand(&self, permission: &str) -> Result<()> {
        if self.viewer.can(permission) { Ok(()) } else { Err(self.deny(permission)) }
    }

    /// The error for a viewer who lacks a permission; logs it.
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
                    Err(to_login(&ambient, paths::LOGIN))
                }
                None => Err(to_login(&ambient, paths::LOGIN)),
            }
        }))
    }
}

/// The redirect to a login page, which returns to the requested page after the login.
pub fn to_login(ambient: &Ambient, login: &str) -> Error {
    let next: String = form_urlencoded::byte_serialize(ambient.target.as_bytes()).collect();
    Error::LoginRequired(format!("{}?next={next}", ambient.site.url(login)))
}
