//! The handlers of the addresses of bookmarks.

use actix_web::web::ServiceConfig;

use super::{api, paths, views};
use crate::web::pages::urls::get;

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(paths::INDEX, views::list))
        .service(get(paths::TAGS, views::tag_cloud))
        .service(get(paths::FEED, views::feed))
        .service(get(paths::ADD, views::add))
        .service(get(paths::DETAIL, views::detail))
        .configure(api::configure);
}
