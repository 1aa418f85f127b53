//! The handlers of the addresses of login, logout and passwords.

use actix_web::web::{self, ServiceConfig};

use super::door::DOORS;
use super::{admin, paths, views};
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    for door in &DOORS {
        config
            .service(get(door.login, views::login).route(web::post().to(views::log_in)))
            .service(get(door.login_code, views::login_code).route(web::post().to(views::check_login_code)))
            .service(web::resource(door.logout).route(web::post().to(views::log_out)))
            .service(web::resource(door.end_others).route(web::post().to(views::end_others)))
            .service(get(door.password_change, views::password_change).route(web::post().to(views::change_password)))
            .service(get(door.password_change_done, views::password_change_done));
    }
    config
        .service(get(paths::CONFIRM_PASSWORD, views::no_password).route(web::post().to(views::confirm_password)))
        .service(get(paths::TOKENS, views::tokens).route(web::post().to(views::make_token)))
        .service(web::resource(paths::TOKEN_REVOKE).route(web::post().to(views::revoke_token)))
        .service(get(paths::USER_PASSWORD, admin::password).route(web::post().to(admin::set_password)))
        .service(get(paths::SECOND_FACTOR, views::second_factor).route(web::post().to(views::change_second_factor)))
        .service(get(paths::SESSIONS, views::sessions).route(web::post().to(views::end_session)))
        .service(get(paths::PASSWORD_RESET, views::password_reset).route(web::post().to(views::ask_for_reset)))
        .service(get(paths::PASSWORD_RESET_DONE, views::password_reset_done))
        .service(get(&paths::password_reset_complete(), views::password_reset_complete))
        .service(
            get(&paths::set_new_password("{uid}"), views::new_password).route(web::post().to(views::set_new_password)),
        )
        .service(get(&paths::password_reset_confirm("{uid}", "{token}"), views::open_reset_link))
        .service(get(&paths::setup("{token}"), views::setup).route(web::post().to(views::set_up)));
}
