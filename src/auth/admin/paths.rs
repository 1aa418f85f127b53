//! The addresses of users in the admin that are none of the generic ones.

/// As the admin reads its model from an address, in braces.
pub const SET_PASSWORD: &str = "/admin/{app:auth}/{model:user}/{id}/password/";

/// The page on which somebody's password is set.
pub fn set_password(user: i32) -> String {
    format!("/admin/auth/user/{user}/password/")
}
