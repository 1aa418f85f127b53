//! `GET /metrics`: numbers for Prometheus.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use chrono::NaiveDateTime;

use crate::clock;
use crate::db::{Chore, Database};
use crate::metrics::{self, Gauge};
use crate::web::context::client::{self, Client};
use crate::web::{Error, Result, Site};

/// Answers the addresses of `metrics_allowed`; for all others it does not exist. A proxy must say for whom it asks.
///
/// # Errors
/// `NotFound` for other addresses.
pub async fn metrics(request: HttpRequest, site: Data<Site>, db: Data<Database>) -> Result<HttpResponse> {
    let asks = Client::of(&request, &site.security).address.map(|address| address.to_canonical());
    let is_allowed =
        asks.is_some_and(|asks| site.security.metrics_allowed.iter().any(|network| network.contains(&asks)));
    if !is_allowed || !client::is_introduced(&request, &site.security) {
        return Err(Error::NotFound);
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; version=0.0.4; charset=utf-8");
    Ok(response.body(metrics::text() + &metrics::gauges(&of_database(&db).await)))
}

/// The connections, and the ages of what administrators have to do now and then. Of a database that does not answer, the
/// ages are left out.
async fn of_database(db: &Database) -> Vec<Gauge> {
    let connections = db.connections();
    let mut gauges = vec![
        ("polls_database_connections_max", "Connections of this process to the database, at most.", connections.most),
        ("polls_database_connections_in_use", "Connections that requests use now.", connections.in_use),
    ];
    let last = db.read(|conn| Ok((Chore::Backup.last(conn)?, Chore::Recount.last(conn)?)));
    let (backup, recount) = last.await.unwrap_or_default();
    let ages = [
        ("polls_backup_age_seconds", "Time since the last backup by polls backup.", backup),
        ("polls_recount_age_seconds", "Time since the votes were recounted.", recount),
    ];
    let age = |at: NaiveDateTime| (clock::now() - at).num_seconds().max(0);
    gauges.extend(ages.into_iter().filter_map(|(name, help, at)| Some((name, help, age(at?)))));
    gauges
}
