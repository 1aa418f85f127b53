//! What clients of linkding ask for before anything else: preferences, and which version they speak to.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::web::api::{ApiUser, Problems};

/// The version of linkding whose addresses and members these are.
const VERSION: &str = "1.46.2";

/// A user's preferences. They cannot be changed here, and are the same for all.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileDocument {
    theme: &'static str,
    bookmark_date_display: &'static str,
    bookmark_link_target: &'static str,
    web_archive_integration: &'static str,
    tag_search: &'static str,
    enable_sharing: bool,
    enable_public_sharing: bool,
    enable_favicons: bool,
    display_url: bool,
    permanent_notes: bool,
    search_preferences: SearchPreferences,
    version: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct SearchPreferences {
    sort: &'static str,
    shared: &'static str,
    unread: &'static str,
}

/// Preferences.
#[utoipa::path(
    get,
    path = crate::bookmark::paths::API_PROFILE,
    tag = "user",
    security(("token" = [])),
    responses((status = 200, body = ProfileDocument), Problems)
)]
pub async fn profile(_user: ApiUser) -> Json<ProfileDocument> {
    Json(ProfileDocument {
        theme: "auto",
        bookmark_date_display: "absolute",
        bookmark_link_target: "_self",
        web_archive_integration: "disabled",
        // A word also finds tags.
        tag_search: "lax",
        enable_sharing: true,
        enable_public_sharing: true,
        enable_favicons: false,
        display_url: false,
        permanent_notes: false,
        search_preferences: SearchPreferences { sort: "added_desc", shared: "off", unread: "off" },
        version: VERSION,
    })
}

#[derive(Serialize)]
struct Health {
    version: &'static str,
    status: &'static str,
}

/// `GET /health`, without a token.
pub async fn health() -> HttpResponse {
    let health = Health { version: VERSION, status: "healthy" };
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(health)
}
