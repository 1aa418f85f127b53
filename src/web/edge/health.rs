//! The health checks for load balancers, and the check for missing migrations before pages are served.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use tokio::time::timeout;

use crate::db::{Database, migrate};
use crate::logging::Repeated;
use crate::web::context::client;
use crate::web::{Error, Result, Site, paths};

/// `GET /healthz`: 200 if the program runs at all.
pub async fn healthz() -> HttpResponse {
    plain(HttpResponse::Ok(), "ok\n")
}

/// After so long `/readyz` answers 503, as load balancers often wait only one second.
const PROBE_TIMEOUT: Duration = Duration::from_millis(900);

static NOT_READY: Repeated =
    Repeated::new(|error, times| tracing::warn!(target: "polls.db", error, times, "Not ready."));

/// `GET /readyz`: 200 if the database answers, has all migrations and accepts writes. Clients outside this machine and
/// `trusted_proxies` are refused, as each check costs a write.
pub async fn readyz(request: HttpRequest, db: Data<Database>, site: Data<Site>) -> HttpResponse {
    if !client::is_from_inside(&request, &site.security) {
        return plain(HttpResponse::Forbidden(), "only this machine and trusted_proxies may ask\n");
    }
    let late = || Error::Unavailable("the database does not answer in time".into());
    match timeout(PROBE_TIMEOUT, readiness(&db)).await.unwrap_or_else(|_| Err(late())) {
        Ok(missing) if missing.is_empty() => plain(HttpResponse::Ok(), "ready\n"),
        Ok(_) => plain(HttpResponse::ServiceUnavailable(), "migrations are missing: run `polls migrate`\n"),
        Err(error) => {
            NOT_READY.log(error.to_string());
            plain(HttpResponse::ServiceUnavailable(), "the database cannot be used; the log has the reason\n")
        }
    }
}

async fn readiness(db: &Database) -> Result<Vec<String>> {
    let missing = state(db).await?;
    if missing.is_empty() {
        db.expect_writable().await?;
    }
    Ok(missing)
}

/// Whether a path is one of the two checks, or the metrics. They answer under any host name, because a load balancer
/// asks by IP address.
pub fn is_probe(path: &str, site: &Site) -> bool {
    let path = path.strip_prefix(site.settings.mount.as_str());
    path.is_some_and(|path| [paths::HEALTHZ, paths::READYZ, paths::METRICS].contains(&path))
}

/// Remembers whether the database had all its migrations, so that pages can be served.
pub struct Readiness {
    db: Database,
    migrated: AtomicBool,
}

impl Readiness {
    pub fn new(db: Database) -> Self {
        Self { db, migrated: AtomicBool::new(false) }
    }

    /// Asks the database until it has all migrations, and never again after that.
    ///
    /// # Errors
    /// `Unavailable` if migrations are missing or the database cannot be reached.
    pub async fn check(&self) -> Result<()> {
        if self.migrated.load(Ordering::Relaxed) {
            return Ok(());
        }
        let missing = state(&self.db).await?;
        if missing.is_empty() {
            self.migrated.store(true, Ordering::Relaxed);
            return Ok(());
        }
        tracing::error!(
            target: "polls.db",
            missing = missing.join(", "),
            "The database lacks migrations; run `polls migrate` with the same settings.",
        );
        Err(Error::Unavailable("the database lacks migrations".into()))
    }
}

async fn state(db: &Database) -> Result<Vec<String>> {
    Ok(db.read(migrate::missing).await?)
}

fn plain(mut response: actix_web::HttpResponseBuilder, text: &'static str) -> HttpResponse {
    response.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(text)
}
