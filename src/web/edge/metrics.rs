//! `GET /metrics`: numbers for Prometheus.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::metrics;
use crate::web::context::client::{self, Client};
use crate::web::{Error, Result, Site};

/// Answers the addresses of `metrics_allowed`; for all others it does not exist. A proxy must say for whom it asks.
///
/// # Errors
/// `NotFound` for other addresses.
pub async fn metrics(request: HttpRequest, site: Data<Site>) -> Result<HttpResponse> {
    let asks = Client::of(&request, &site.security).address.map(|address| address.to_canonical());
    let is_allowed =
        asks.is_some_and(|asks| site.security.metrics_allowed.iter().any(|network| network.contains(&asks)));
    if !is_allowed || !client::is_introduced(&request, &site.security) {
        return Err(Error::NotFound);
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; version=0.0.4; charset=utf-8");
    Ok(response.body(metrics::text()))
}
