//! Builds the app: the middleware around the features, in order, and the data that all requests share.

pub mod features;
pub mod routes;

use std::sync::Arc;
use std::time::Duration;

use actix_web::Scope;
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};

use crate::auth::passwords::Hasher;
use crate::db::{Create, Database};
use crate::polls::ballot_box::{BallotBox, DURABLE_TABLES};
use crate::settings::{Mode, Settings};
use crate::web::edge::edge;
use crate::web::edge::health::Readiness;
use crate::web::edge::page_cache::PageCache;
use crate::web::edge::session::session;
use crate::web::pages::error_page::ErrorLayout;
use crate::web::pages::urls;
use crate::web::{Site, api};
use crate::{admin, auth, metrics};

/// The reason why the app cannot be built.
type OpenError = Box<dyn std::error::Error + Send + Sync>;

/// The data that all requests share.
#[derive(Clone)]
pub struct App {
    site: Data<Site>,
    db: Data<Database>,
    ballots: Data<BallotBox>,
    hasher: Data<Hasher>,
    admin: Data<admin::AdminSite>,
    readiness: Data<Readiness>,
    page_cache: bool,
}

impl App {
    /// Builds the app; does not connect to the database yet.
    ///
    /// # Errors
    /// If a model is registered wrongly or no thread can be started.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let db = Database::new(&settings.database, may_create(settings), DURABLE_TABLES);
        if !settings.security.metrics_allowed.is_empty() {
            metrics::enable();
        }
        Self::on(db, Site::new(settings, features::installed()), settings.server.page_cache)
    }

    /// The same for a process that answers one request (CGI), without a page cache in memory.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn for_one_request(settings: &Settings, site: Site) -> Result<Self, OpenError> {
        let db = Database::for_one_request(&settings.database, may_create(settings), DURABLE_TABLES);
        Self::on(db, site, false)
    }

    /// Checks whether the database keeps committed votes. A database that does not answer is checked later.
    ///
    /// # Errors
    /// If votes could be lost, or the database is not the expected one.
    pub fn expect_safe_database(&self) -> Result<(), OpenError> {
        Ok(self.db.expect_safe()?)
    }

    fn on(db: Database, site: Site, page_cache: bool) -> Result<Self, OpenError> {
        metrics::begin();
        Ok(Self {
            site: Data::new(site),
            hasher: Data::new(Hasher::default()),
            admin: Data::new(features::admin_site()?),
            ballots: Data::new(BallotBox::open(db.clone())?),
            readiness: Data::new(Readiness::new(db.clone())),
            db: Data::new(db),
            page_cache,
        })
    }

    /// The app as actix runs it, one for each worker; the same for all gateways.
    pub fn service(
        &self,
    ) -> actix_web::App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    > {
        let site = Arc::clone(&self.site);
        actix_web::App::new()
            .app_data(self.site.clone())
            .app_data(self.db.clone())
            .app_data(self.ballots.clone())
            .app_data(self.hasher.clone())
            .app_data(self.admin.clone())
            .app_data(self.readiness.clone())
            .app_data(Data::new(ErrorLayout(admin::pages::error_page::error_page)))
            .service(addresses(&site))
            .default_service(web::to(urls::append_slash))
            .wrap(from_fn(auth::middleware::viewer))
            .wrap(from_fn(session))
            .wrap(from_fn(edge))
            .wrap(PageCache { site: self.site.clone(), db: self.db.clone(), enabled: self.page_cache })
    }

    /// Waits at most `patience` until all votes that were cast are counted. It blocks the thread; call it when no
    /// request is left.
    pub fn close(&self, patience: Duration) {
        self.ballots.close(patience);
        self.db.close();
    }
}

/// All addresses, below the site's mount.
fn addresses(site: &Site) -> Scope {
    web::scope(site.settings.mount.as_str())
        .configure(features::urls)
        .configure(urls::configure)
        .configure(api::configure)
        .configure(|config| urls::configure_static(config, site))
        .default_service(web::to(urls::append_slash))
}

fn may_create(settings: &Settings) -> Create {
    match settings.mode {
        Mode::Development => Create::IfMissing,
        Mode::Production => Create::Never,
    }
}

#[cfg(test)]
mod tests;
