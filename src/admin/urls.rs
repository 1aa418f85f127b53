//! The admin's addresses, which are Django's.

use actix_web::web::{self, ServiceConfig};

use crate::admin::changes::undo_view;
use crate::admin::form::{change_form, related};
use crate::admin::list::{actions, change_list};
use crate::admin::pages::{delete, history, index, progress, theme};
use crate::web::pages::urls::get;

/// The admin's first page.
pub const INDEX: &str = "/admin/";

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(INDEX, index::index))
        .service(get(theme::PATH, theme::theme))
        .service(get("/admin/progress/{id}/", progress::progress))
        .service(web::resource("/admin/undo/{id}/").route(web::post().to(undo_view::undo)))
        .service(get("/admin/{app}/", index::app_index))
        .service(
            web::resource("/admin/{app}/{model}/")
                .route(web::get().to(change_list::list))
                .route(web::head().to(change_list::list))
                .route(web::post().to(actions::run)),
        )
        .service(
            web::resource("/admin/{app}/{model}/add/")
                .route(web::get().to(change_form::add))
                .route(web::head().to(change_form::add))
                .route(web::post().to(change_form::create)),
        )
        .service(get("/admin/{app}/{model}/options/", related::options))
        .service(get("/admin/{app}/{model}/{id}/", change_form::object))
        .service(
            web::resource("/admin/{app}/{model}/{id}/change/")
                .route(web::get().to(change_form::change))
                .route(web::head().to(change_form::change))
                .route(web::post().to(change_form::update)),
        )
        .service(
            web::resource("/admin/{app}/{model}/{id}/delete/")
                .route(web::get().to(delete::confirm))
                .route(web::head().to(delete::confirm))
                .route(web::post().to(delete::delete)),
        )
        .service(get("/admin/{app}/{model}/{id}/history/", history::history));
}
