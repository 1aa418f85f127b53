//! The address of the home page.

use actix_web::web::ServiceConfig;

use super::views;
use crate::web::pages::urls::get;
use crate::web::paths::HOME;

pub fn configure(config: &mut ServiceConfig) {
    config.service(get(HOME, views::home));
}
