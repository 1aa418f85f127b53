//! Which handler answers at which address.

use actix_web::web::{self, ServiceConfig};

use super::eligibility::browser;
use super::{admin, page_view, paths, views};
use crate::web::pages::urls::get;
use crate::web::paths::SITEMAP;

pub fn configure(config: &mut ServiceConfig) {
    // Patterns are tried in this order; the address for votes comes first, because most requests under load are votes.
    config
        .service(get(paths::VOTE, views::no_vote).route(web::post().to(views::vote)))
        .service(get(paths::WITHDRAW, views::no_vote).route(web::post().to(views::withdraw)))
        .service(get(paths::INDEX, views::list))
        .service(get(paths::FEED, views::feed))
        .service(get(SITEMAP, views::sitemap))
        .service(get(paths::DETAIL, views::page))
        .service(get(paths::PAGE_VIEW, page_view::stylesheet))
        .service(get(paths::INVITATION, views::invited).route(web::post().to(views::vote)))
        .service(get(paths::INVITATION_WITHDRAW, views::no_vote).route(web::post().to(views::withdraw)))
        .service(get(paths::INVITE, admin::invite::form).route(web::post().to(admin::invite::make)))
        .service(get(paths::BROWSER_VIEW, browser::stylesheet))
        .service(get(paths::COOKIE_CHECK, browser::check))
        .service(get(paths::RESULTS, views::results))
        .service(get(paths::OVER_TIME, views::over_time))
        .service(get(paths::STATE, views::state))
        .service(get(paths::QR_SVG, views::qr_svg))
        .service(get(paths::QR_PNG, views::qr_png))
        .service(get(paths::EMBED, views::embed))
        .service(get(paths::OEMBED, views::oembed));
}
