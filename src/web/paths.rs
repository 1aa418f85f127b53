//! The addresses of this module, below the mount.

use crate::web::Site;

pub const HOME: &str = "/";
pub const HEALTHZ: &str = "/healthz";
pub const READYZ: &str = "/readyz";
pub const METRICS: &str = "/metrics";
pub const SET_LANGUAGE: &str = "/i18n/setlang/";

/// Where people log in (Django's `LOGIN_URL`); `auth` answers there.
pub const LOGIN: &str = "/admin/login/";
/// Where people log out and change their passwords, as the admin's head links it; `auth` answers there.
pub const LOGOUT: &str = "/admin/logout/";
pub const PASSWORD_CHANGE: &str = "/admin/password_change/";

/// The address whose remaining part is a secret: whoever knows it may create the first superuser. `auth` answers there.
pub const SETUP: &str = "/admin/setup/";

/// Whether a path contains a secret. Such a path is never logged, and other sites cannot know it.
pub fn is_secret(path: &str, site: &Site) -> bool {
    path.strip_prefix(site.settings.mount.as_str()).is_some_and(|path| path.starts_with(SETUP))
}
