//! The addresses of this module, and the handler for addresses that do not exist.

use actix_web::http::header::LOCATION;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Responder};

use super::{serve_static, set_language, well_known};
use crate::web::edge::{health, metrics};
use crate::web::{Error, Result, Site, paths};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get(paths::HEALTHZ, health::healthz))
        .service(get(paths::READYZ, health::readyz))
        .service(get(paths::ROBOTS, well_known::robots))
        .service(get(paths::FAVICON, well_known::favicon))
        .service(get(paths::METRICS, metrics::metrics))
        .service(web::resource(paths::SET_LANGUAGE).route(web::post().to(set_language::set_language)));
}

/// Serves static files if `static_url` is a path below the mount.
pub fn configure_static(config: &mut ServiceConfig, site: &Site) {
    let below = site.settings.static_url.strip_prefix(site.settings.mount.as_str());
    if let Some(path) = below.filter(|path| path.starts_with('/') && path.len() > 1) {
        config.service(get(&format!("{path}{{path:.*}}"), serve_static::serve));
    }
}

/// A resource with `GET` and `HEAD`. Other methods are 405, by actix's own default.
pub fn get<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// Redirects a path that lacks only its final slash to the one that has it (Django's `APPEND_SLASH`), and keeps the
/// method and body.
///
/// # Errors
/// `NotFound` if that path does not exist either.
pub async fn append_slash(request: HttpRequest) -> Result<HttpResponse> {
    let path = request.uri().path();
    let with_slash = format!("{path}/");
    if path.ends_with('/') || path.starts_with("//") || !request.resource_map().has_resource(&with_slash) {
        return Err(Error::NotFound);
    }
    let location = match request.uri().query() {
        Some(query) => format!("{with_slash}?{query}"),
        None => with_slash,
    };
    Ok(HttpResponse::PermanentRedirect().insert_header((LOCATION, location)).finish())
}
