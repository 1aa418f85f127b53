//! The addresses of this module, and what becomes of addresses that nobody has.

use actix_web::http::header::LOCATION;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Resource, Responder};

use super::{set_language, static_files};
use crate::web::edge::health;
use crate::web::{Error, Result, Site};

/// The path whose rest is a secret: who knows it may make the first administrator.
pub const SETUP: &str = "/admin/setup/";

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get("/healthz", health::healthz))
        .service(get("/readyz", health::readyz))
        .service(web::resource("/i18n/setlang/").route(web::post().to(set_language::set_language)));
}

/// Where the app serves static files itself: wherever `static_url` lies below the mount.
pub fn configure_static(config: &mut ServiceConfig, site: &Site) {
    let below = site.settings.static_url.strip_prefix(site.settings.mount.as_str());
    if let Some(path) = below.filter(|path| path.starts_with('/') && path.len() > 1) {
        config.service(get(&format!("{path}{{path:.*}}"), static_files::serve));
    }
}

/// A resource that is read: `GET`, and `HEAD` with it. Other methods are 405, by actix's own default.
pub fn get<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args> + Clone,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(handler.clone())).route(web::head().to(handler))
}

/// A path that only lacks its final slash leads to the one that has it (Django's `APPEND_SLASH`), with the
/// method and body kept; any other is not found.
///
/// # Errors
/// `NotFound`.
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

/// Whether a path is itself a secret, which belongs in no log and which no other site can know.
pub fn is_secret(path: &str, site: &Site) -> bool {
    path.strip_prefix(site.settings.mount.as_str()).is_some_and(|path| path.starts_with(SETUP))
}

/// The longest way back that fits into a header.
const LONGEST: usize = 2048;

/// A path of this site, which begins with `root`. Browsers read `//host` and `/\host` as another host, and drop tabs and newlines.
pub fn is_local(next: &str, root: &str) -> bool {
    let mut bytes = next.bytes();
    next.len() <= LONGEST
        && next.starts_with(root)
        && bytes.next() == Some(b'/')
        && !matches!(bytes.next(), Some(b'/' | b'\\'))
        && next.bytes().all(|byte| (0x21..0x7f).contains(&byte) && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::is_local;

    #[test]
    fn the_way_back_never_leaves_the_site() {
        for local in ["/", "/polls/1/?page=2", "/vote/polls/", "/%EC%95%88"] {
            assert!(is_local(local, "/"), "{local}");
        }
        assert!(is_local("/vote/polls/", "/vote/"));
        assert!(!is_local("/wiki/", "/vote/"));
        for foreign in [
            "",
            "polls/",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/a\r\nb",
            "/a\\b",
            "javascript:alert(1)",
        ] {
            assert!(!is_local(foreign, "/"), "{foreign}");
        }
    }
}
