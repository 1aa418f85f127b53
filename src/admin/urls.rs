//! Which handler answers at which address.

use actix_web::web::{self, ServiceConfig};

use crate::admin::changes::{change, duplicate, undo_view};
use crate::admin::form::{change_form, related};
use crate::admin::list::{actions, change_list};
use crate::admin::pages::{delete, history, index, progress, status, theme};
use crate::admin::paths;
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(paths::INDEX, index::index))
        .service(get(paths::THEME, theme::theme))
        .service(get(paths::PROGRESS, progress::progress))
        .service(get(paths::STATUS, status::status))
        .service(web::resource(paths::UNDO).route(web::post().to(undo_view::undo)))
        .service(get(paths::APP, index::app_index))
        .service(
            web::resource(paths::LIST)
                .route(web::get().to(change_list::list))
                .route(web::head().to(change_list::list))
                .route(web::post().to(actions::run)),
        )
        .service(
            web::resource(paths::ADD)
                .route(web::get().to(change_form::add))
                .route(web::head().to(change_form::add))
                .route(web::post().to(change::create)),
        )
        .service(get(paths::OPTIONS, related::options))
        .service(get(paths::OBJECT, change_form::object))
        .service(
            web::resource(paths::CHANGE)
                .route(web::get().to(change_form::change))
                .route(web::head().to(change_form::change))
                .route(web::post().to(change::update)),
        )
        .service(
            web::resource(paths::DELETE)
                .route(web::get().to(delete::confirm))
                .route(web::head().to(delete::confirm))
                .route(web::post().to(delete::delete)),
        )
        .service(web::resource(paths::DUPLICATE).route(web::post().to(duplicate::duplicate)))
        .service(get(paths::HISTORY, history::history));
}
