//! The program's own app over a SQLite file with one poll, made once.

use std::collections::BTreeMap;
use std::mem::ManuallyDrop;

use actix_http::Request;
use actix_service::boxed::{self, BoxService};
use actix_service::{IntoServiceFactory as _, ServiceFactory as _};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::rt::{System, SystemRunner};
use polls::app::App;
use polls::db::{Connection, Create, migrate};
use polls::sample;
use polls::settings::{Purpose, Settings, Sources};
use tempfile::TempDir;

pub type Service = BoxService<Request, ServiceResponse, actix_web::Error>;

pub struct Site {
    pub service: Service,
    runtime: SystemRunner,
}

thread_local! {
    static DIRECTORY: TempDir = tempfile::tempdir().expect("a directory can be made");
    // Not dropped with the thread, whose other values may be gone by then.
    static SITE: ManuallyDrop<Site> = ManuallyDrop::new(DIRECTORY.with(Site::open));
}

/// Runs something in the site's runtime.
pub fn with<T>(run: impl AsyncFnOnce(&Site) -> T) -> T {
    SITE.with(|site| site.runtime.block_on(run(site)))
}

pub fn settings(directory: &TempDir) -> Settings {
    let url = format!("sqlite://{}", directory.path().join("polls.sqlite3").display());
    let environment = BTreeMap::from([("POLLS_DATABASE_URL".to_owned(), url)]);
    let sources = Sources { environment, default_bind: "127.0.0.1:8000".to_owned(), ..Sources::default() };
    Settings::load(&sources, Purpose::Serve { inherited_loopback: None }).expect("these settings are complete")
}

impl Site {
    fn open(directory: &TempDir) -> Self {
        let settings = settings(directory);
        let mut conn = Connection::open(&settings.database.url, Create::IfMissing).expect("a file can be made");
        migrate::run(&mut conn).expect("it can be migrated");
        sample::load(&mut conn).expect("it can be filled");
        let app = App::open(&settings).expect("the app can be made");
        let runtime = System::new();
        let service = runtime.block_on(app.service().into_factory().new_service(AppConfig::default()));
        Self { service: boxed::service(service.expect("it starts")), runtime }
    }
}
