//! What browsers and search engines ask every host for.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::web::{Ambient, Error, Result, Site, paths};

/// `GET /robots.txt`.
///
/// # Errors
/// `Internal` outside the app.
pub async fn robots(request: HttpRequest) -> Result<HttpResponse> {
    let ambient = Ambient::required(&request)?;
    let [admin, api, sitemap] = [paths::ADMIN, paths::API, paths::SITEMAP].map(|path| ambient.site.url(path));
    let text = format!("User-agent: *\nDisallow: {admin}\nDisallow: {api}\nSitemap: {}{sitemap}\n", ambient.origin());
    let mut response = HttpResponse::Ok();
    Ok(response.insert_header((CACHE_CONTROL, "max-age=3600")).content_type("text/plain; charset=utf-8").body(text))
}

/// `GET /favicon.ico`, for programs that do not read the page's link to its icon.
///
/// # Errors
/// `NotFound` if the program was built without the file.
pub async fn favicon(site: Data<Site>) -> Result<HttpResponse> {
    let (icon, _) = site.static_files.find("img/favicon.ico").ok_or(Error::NotFound)?;
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "max-age=86400"));
    Ok(response.content_type(icon.content_type()).body(icon.content().clone()))
}
