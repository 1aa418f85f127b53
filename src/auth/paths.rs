//! The addresses of login, logout and passwords, as Django names them in its admin and below `/accounts/`.

use crate::web::paths::{RESET, RESET_COMPLETE, SET_PASSWORD, SETUP};

/// The page after a login.
pub use crate::admin::paths::INDEX;
pub use crate::web::paths::{
    ACCOUNT_LOGIN, ACCOUNT_LOGOUT, ACCOUNT_PASSWORD_CHANGE, ACCOUNTS, CONFIRM_PASSWORD, HOME, LOGIN, LOGOUT,
    PASSWORD_CHANGE, PASSWORD_RESET, TOKENS,
};

pub const END_OTHERS: &str = "/admin/logout/everywhere/";
pub const TOKEN_REVOKE: &str = "/admin/tokens/{id}/revoke/";
pub const PASSWORD_CHANGE_DONE: &str = "/admin/password_change/done/";
pub const ACCOUNT_END_OTHERS: &str = "/accounts/logout/everywhere/";
pub const ACCOUNT_PASSWORD_CHANGE_DONE: &str = "/accounts/password_change/done/";

/// Where a login goes on with the second factor.
pub const LOGIN_CODE: &str = "/admin/login/code/";
pub const ACCOUNT_LOGIN_CODE: &str = "/accounts/login/code/";
/// The viewer's own second factor.
pub const SECOND_FACTOR: &str = "/accounts/second_factor/";
/// Where the viewer is logged in.
pub const SESSIONS: &str = "/accounts/sessions/";
pub const PASSWORD_RESET_DONE: &str = "/accounts/password_reset/done/";

/// The link of a mail, of a user and a token as `reset::token` writes them.
pub fn password_reset_confirm(uid: &str, token: &str) -> String {
    format!("{RESET}{uid}/{token}/")
}

/// The page on which a new password is set, without the token.
pub fn set_new_password(uid: &str) -> String {
    format!("{RESET}{uid}{SET_PASSWORD}")
}

pub fn password_reset_complete() -> String {
    format!("{RESET}{RESET_COMPLETE}")
}

/// The page on which an administrator sets a user's password. The names in braces are those from which the admin reads
/// the model of a request.
pub const USER_PASSWORD: &str = "/admin/{app:auth}/{model:user}/{id}/password/";

/// [`USER_PASSWORD`] of one user.
pub fn user_password(user: i32) -> String {
    format!("/admin/auth/user/{user}/password/")
}

pub fn token_revoke(token: i64) -> String {
    TOKEN_REVOKE.replace("{id}", &token.to_string())
}

pub fn setup(token: &str) -> String {
    format!("{SETUP}{token}/")
}
