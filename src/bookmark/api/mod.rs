//! Bookmarks and tags for programs, with the addresses and members of linkding 1.46, so that its clients can be used.

mod adding;
mod documents;
mod lists;
mod objects;
mod profile;
mod rights;
mod tag_objects;
mod writer;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use super::paths;
use crate::web::pages::urls::get;

/// The description of these addresses.
#[derive(OpenApi)]
#[openapi(paths(
    lists::list,
    lists::archived,
    adding::create,
    adding::check,
    objects::read,
    objects::replace,
    objects::change,
    objects::delete,
    objects::archive,
    objects::unarchive,
    tag_objects::list,
    tag_objects::create,
    tag_objects::read,
    tag_objects::delete,
    profile::profile,
))]
pub struct BookmarkApi;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(paths::API_BOOKMARKS, lists::list).route(web::post().to(adding::create)))
        .service(get(paths::API_ARCHIVED, lists::archived))
        .service(get(paths::API_CHECK, adding::check))
        .service(
            get(paths::API_BOOKMARK, objects::read)
                .route(web::put().to(objects::replace))
                .route(web::patch().to(objects::change))
                .route(web::delete().to(objects::delete)),
        )
        .service(web::resource(paths::API_ARCHIVE).route(web::post().to(objects::archive)))
        .service(web::resource(paths::API_UNARCHIVE).route(web::post().to(objects::unarchive)))
        .service(get(paths::API_TAGS, tag_objects::list).route(web::post().to(tag_objects::create)))
        .service(get(paths::API_TAG, tag_objects::read).route(web::delete().to(tag_objects::delete)))
        .service(get(paths::API_PROFILE, profile::profile))
        .service(get(paths::HEALTH, profile::health));
}
