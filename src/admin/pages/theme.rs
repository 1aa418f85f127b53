//! The colour from the settings as a stylesheet, because the Content-Security-Policy forbids inline styles.

use actix_web::http::header::{CACHE_CONTROL, ETAG};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::web::pages::page::matches_tag;
use crate::web::{Error, Result, Site};

/// `GET /admin/theme.css`
///
/// # Errors
/// `NotFound` if no colour is set. In that case no page links to the stylesheet.
pub async fn theme(request: HttpRequest, site: Data<Site>) -> Result<HttpResponse> {
    let color = site.admin.color.ok_or(Error::NotFound)?;
    let tag = format!("\"{}\"", color.to_string().trim_start_matches('#'));
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-cache")).insert_header((ETAG, tag.as_str()));
    if matches_tag(request.headers(), &tag) {
        return Ok(response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    let css = format!(":root {{\n  --header: {color};\n  --on-header: {};\n}}\n", color.ink());
    Ok(response.content_type("text/css; charset=utf-8").body(css))
}
