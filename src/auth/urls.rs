//! The handlers of the addresses of login, logout and passwords.

use actix_web::web::{self, ServiceConfig};

use super::{admin, paths, views};
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(paths::LOGIN, views::login).route(web::post().to(views::log_in)))
        .service(web::resource(paths::LOGOUT).route(web::post().to(views::log_out)))
        .service(web::resource(paths::END_OTHERS).route(web::post().to(views::end_others)))
        .service(get(paths::PASSWORD_CHANGE, views::password_change).route(web::post().to(views::change_password)))
        .service(get(paths::PASSWORD_CHANGE_DONE, views::password_change_done))
        .service(get(paths::USER_PASSWORD, admin::password).route(web::post().to(admin::set_password)))
        .service(get(&paths::setup("{token}"), views::setup).route(web::post().to(views::set_up)));
}
