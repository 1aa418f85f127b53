//! The addresses of login, logout and passwords, as in Django's admin.

use crate::web::paths::SETUP;

pub use crate::web::paths::LOGIN;

/// Where people go who have logged in.
pub const INDEX: &str = "/admin/";
pub const LOGOUT: &str = "/admin/logout/";
pub const END_OTHERS: &str = "/admin/logout/everywhere/";
pub const PASSWORD_CHANGE: &str = "/admin/password_change/";
pub const PASSWORD_CHANGE_DONE: &str = "/admin/password_change/done/";

/// Where an administrator sets the password of a user. The names in braces are those from which a request to the admin
/// reads its model.
pub const USER_PASSWORD: &str = "/admin/{app:auth}/{model:user}/{id}/password/";

/// [`USER_PASSWORD`] of one user.
pub fn user_password(user: i32) -> String {
    format!("/admin/auth/user/{user}/password/")
}

pub fn setup(token: &str) -> String {
    format!("{SETUP}{token}/")
}
