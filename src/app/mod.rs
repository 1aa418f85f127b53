//! What surrounds the features, in which order, and what all requests share.

pub mod features;

use std::sync::Arc;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data};

use crate::auth::passwords::Hasher;
use crate::db::{Create, Database};
use crate::polls::ballot_box::{BallotBox, DURABLE_TABLES};
use crate::settings::{Mode, Settings};
use crate::web::Site;
use crate::web::edge::edge;
use crate::web::edge::health::Readiness;
use crate::web::edge::page_cache::PageCache;
use crate::web::edge::session::session;
use crate::web::pages::error_page::ErrorLayout;
use crate::web::pages::urls;
use crate::{admin, auth};

/// Why there is no app.
type OpenError = Box<dyn std::error::Error + Send + Sync>;

/// Everything that requests share.
#[derive(Clone)]
pub struct App {
    site: Data<Site>,
    db: Data<Database>,
    ballots: Data<BallotBox>,
    hasher: Data<Hasher>,
    admin: Data<admin::Site>,
    readiness: Data<Readiness>,
    page_cache: bool,
}

impl App {
    /// Makes ready to serve; connects to nothing yet.
    ///
    /// # Errors
    /// If a model is registered wrongly or no thread can be started.
    pub fn open(settings: &Settings) -> Result<Self, OpenError> {
        let db = Database::new(&settings.database, may_create(settings), DURABLE_TABLES);
        Self::on(db, Site::new(settings, features::installed()), settings.server.page_cache)
    }

    /// The same for a process that answers one request: it remembers no page.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn for_one_request(settings: &Settings, site: Site) -> Result<Self, OpenError> {
        let db = Database::for_one_request(&settings.database, may_create(settings), DURABLE_TABLES);
        Self::on(db, site, false)
    }

    /// Looks whether votes can be trusted to the database; one that does not answer is looked at later.
    ///
    /// # Errors
    /// If they could be lost, or are another database's.
    pub fn expect_safe_database(&self) -> Result<(), OpenError> {
        Ok(self.db.expect_safe()?)
    }

    fn on(db: Database, site: Site, page_cache: bool) -> Result<Self, OpenError> {
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

    /// The app as actix runs it, once per worker. All gateways call this one.
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
            .service(
                web::scope(site.settings.mount.as_str())
                    .configure(features::urls)
                    .configure(urls::configure)
                    .configure(|config| urls::configure_static(config, &site))
                    .default_service(web::to(urls::append_slash)),
            )
            .default_service(web::to(urls::append_slash))
            .wrap(from_fn(auth::middleware::viewer))
            .wrap(from_fn(session))
            .wrap(from_fn(edge))
            .wrap(PageCache { site: self.site.clone(), db: self.db.clone(), enabled: self.page_cache })
    }

    /// Lets what was cast be counted, for as long as `patience`. Blocks; call it when no request is left.
    pub fn close(&self, patience: Duration) {
        self.ballots.close(patience);
    }
}

fn may_create(settings: &Settings) -> Create {
    match settings.mode {
        Mode::Development => Create::IfMissing,
        Mode::Production => Create::Never,
    }
}

#[cfg(test)]
mod tests;
