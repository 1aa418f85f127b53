//! The addresses of this module, below the mount.

use crate::web::Site;

pub const HOME: &str = "/";
pub const HEALTHZ: &str = "/healthz";
pub const READYZ: &str = "/readyz";
pub const ROBOTS: &str = "/robots.txt";
pub const FAVICON: &str = "/favicon.ico";
/// The addresses of all public polls, for search engines; `polls` answers there.
pub const SITEMAP: &str = "/sitemap.xml";
pub const METRICS: &str = "/metrics";
pub const SET_LANGUAGE: &str = "/i18n/setlang/";

/// What is below this address is for programs: JSON and tokens, no pages and no cookies.
pub const API: &str = "/api/";
pub const API_DESCRIPTION: &str = "/api/openapi.json";

/// What is below this address is for staff only; `admin` answers there.
pub const ADMIN: &str = "/admin/";
/// Where people log in (Django's `LOGIN_URL`); `auth` answers there.
pub const LOGIN: &str = "/admin/login/";
/// Where people log out and change their passwords, as the admin's head links it; `auth` answers there.
pub const LOGOUT: &str = "/admin/logout/";
pub const PASSWORD_CHANGE: &str = "/admin/password_change/";
/// Where staff enter their passwords again before a change of users or groups; `auth` answers there.
pub const CONFIRM_PASSWORD: &str = "/admin/confirm_password/";
/// The tokens of the member of staff who is logged in; `auth` answers there.
pub const TOKENS: &str = "/admin/tokens/";

/// The same for users of the public site, as Django's `django.contrib.auth.urls` has them below `/accounts/`.
pub const ACCOUNTS: &str = "/accounts/";
pub const ACCOUNT_LOGIN: &str = "/accounts/login/";
pub const ACCOUNT_LOGOUT: &str = "/accounts/logout/";
pub const ACCOUNT_PASSWORD_CHANGE: &str = "/accounts/password_change/";

/// Where a new password is asked for by mail, as Django names it; `auth` answers there.
pub const PASSWORD_RESET: &str = "/accounts/password_reset/";
/// The beginning of the links in such mails: a user and a secret follow. `auth` answers there.
pub const RESET: &str = "/accounts/reset/";
/// What follows the user in place of the secret, once the session has what it allows.
pub const SET_PASSWORD: &str = "/set-password/";
/// What follows [`RESET`] when the password is set.
pub const RESET_COMPLETE: &str = "done/";

/// The address whose remaining part is a secret: whoever knows it may create the first superuser. `auth` answers there.
pub const SETUP: &str = "/admin/setup/";

/// What begins and ends the addresses of polls before the secret of an invitation; a number is between them.
const POLL: &str = "/polls/";
const INVITATION: &str = "/i/";

/// Whether a path belongs to the API.
pub fn is_api(path: &str, site: &Site) -> bool {
    path.strip_prefix(site.settings.mount.as_str())
        .is_some_and(|path| path.starts_with(API) || path == API.trim_end_matches('/'))
}

/// The part of a path before the secret in it; None if there is none. A secret is never logged, other sites cannot know
/// it, and it is sent to none.
pub fn before_secret<'a>(path: &'a str, site: &Site) -> Option<&'a str> {
    let below = path.strip_prefix(site.settings.mount.as_str())?;
    let secret = below.strip_prefix(SETUP).or_else(|| after_reset(below)).or_else(|| {
        let poll = below.strip_prefix(POLL)?;
        poll.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(INVITATION)
    })?;
    path.strip_suffix(secret)
}

/// What stands behind [`RESET`], if a secret can be in it.
fn after_reset(below: &str) -> Option<&str> {
    let rest = below.strip_prefix(RESET)?;
    let is_known = rest == RESET_COMPLETE || rest.strip_suffix(SET_PASSWORD).is_some_and(|user| !user.contains('/'));
    (!is_known).then_some(rest)
}
