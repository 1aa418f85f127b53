//! The handlers of the addresses of bookmarks.

use actix_web::web::ServiceConfig;

use super::paths;
use super::views::{BookmarkDetail, BookmarkList};
use crate::web::pages::generic;
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(paths::INDEX, generic::list::<BookmarkList>))
        .service(get(paths::DETAIL, generic::detail::<BookmarkDetail>));
}
