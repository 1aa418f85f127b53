//! Serves static files if no web server in front of the program does.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, ETAG, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::web::pages::page::matches_tag;
use crate::web::{Error, Result, Site};

/// `GET /static/…`: a static file, with `ETag` and, if the client accepts it, compressed.
///
/// # Errors
/// `NotFound` if there is no such file.
pub async fn serve(request: HttpRequest, site: Data<Site>) -> Result<HttpResponse> {
    let (file, immutable) = site.static_files.find(request.match_info().query("path")).ok_or(Error::NotFound)?;
    let (bytes, encoding) = file.negotiate(request.headers());
    let tag = match encoding {
        Some(encoding) => format!("\"{}-{encoding}\"", file.hash),
        None => format!("\"{}\"", file.hash),
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, if immutable { "public, max-age=31536000, immutable" } else { "no-cache" }))
        .insert_header((VARY, "Accept-Encoding"))
        .insert_header((ETAG, tag.as_str()));
    if matches_tag(request.headers(), &tag) {
        return Ok(response.status(actix_web::http::StatusCode::NOT_MODIFIED).finish());
    }
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    Ok(response.content_type(file.content_type()).body(bytes.clone()))
}
