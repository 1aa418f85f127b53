//! Is the program alive, and can it serve? For load balancers, and for the door.

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

/// `GET /healthz`: the program answers.
pub async fn healthz() -> HttpResponse {
    plain(HttpResponse::Ok(), "ok\n")
}

/// How long a load balancer is kept waiting.
const PATIENCE: Duration = Duration::from_millis(900);

static NOT_READY: Repeated =
    Repeated::new(|error, times| tracing::warn!(target: "polls.db", error, times, "Not ready."));

/// `GET /readyz`: the database answers, has all migrations and takes votes. A stranger is not told: it costs a write.
pub async fn readyz(request: HttpRequest, db: Data<Database>, site: Data<Site>) -> HttpResponse {
    if !client::is_from_inside(&request, &site.security) {
        return plain(HttpResponse::Forbidden(), "only this machine and trusted_proxies may ask\n");
    }
    let late = || Error::Unavailable("the database does not answer in time".into());
    match timeout(PATIENCE, readiness(&db)).await.unwrap_or_else(|_| Err(late())) {
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

/// Whether a path is one of the two. They answer to any host name: a load balancer asks by address.
pub fn is_probe(path: &str, site: &Site) -> bool {
    path.strip_prefix(site.settings.mount.as_str()).is_some_and(|path| path == paths::HEALTHZ || path == paths::READYZ)
}

/// Whether the database has been seen with all its migrations, so that pages can be served.
pub struct Readiness {
    db: Database,
    migrated: AtomicBool,
}

impl Readiness {
    pub fn new(db: Database) -> Self {
        Self { db, migrated: AtomicBool::new(false) }
    }

    /// Looks until the migrations are there, and not again.
    ///
    /// # Errors
    /// `Unavailable` as long as migrations are missing or the database cannot be reached.
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
