//! The addresses of bookmarks.

use actix_web::web::ServiceConfig;

use super::views::{BookmarkDetail, BookmarkList};
use crate::web::pages::generic;
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get("/bookmark/", generic::list::<BookmarkList>))
        .service(get("/bookmark/{id}/", generic::detail::<BookmarkDetail>));
}

pub fn detail(bookmark: i64) -> String {
    format!("/bookmark/{bookmark}/")
}
