//! The addresses of login, logout and passwords, as in Django's admin.

use actix_web::web::{self, ServiceConfig};

use super::{admin, views};
use crate::web::context::viewer::LOGIN_URL;
use crate::web::pages::urls::{SETUP, get};

/// Where people go who have logged in.
pub const INDEX: &str = "/admin/";
pub const LOGOUT: &str = "/admin/logout/";
pub const END_OTHERS: &str = "/admin/logout/everywhere/";
pub const PASSWORD_CHANGE: &str = "/admin/password_change/";
pub const PASSWORD_CHANGE_DONE: &str = "/admin/password_change/done/";

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(LOGIN_URL, views::login).route(web::post().to(views::log_in)))
        .service(web::resource(LOGOUT).route(web::post().to(views::log_out)))
        .service(web::resource(END_OTHERS).route(web::post().to(views::end_others)))
        .service(get(PASSWORD_CHANGE, views::password_change).route(web::post().to(views::change_password)))
        .service(get(PASSWORD_CHANGE_DONE, views::password_change_done))
        .service(get(admin::paths::SET_PASSWORD, admin::password).route(web::post().to(admin::set_password)))
        .service(get(&setup("{token}"), views::setup).route(web::post().to(views::set_up)));
}

pub fn setup(token: &str) -> String {
    format!("{SETUP}{token}/")
}
