//! The admin's first page: apps and models, the dashboard, and the viewer's latest actions.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::admin::changes::log;
use crate::admin::changes::log::{Entry, Of};
use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb};
use crate::admin::registry::panels::{Figure, Panel};
use crate::admin::registry::site::Dashboard;
use crate::db::Database;
use crate::web::pages::filters;
use crate::web::{Error, Page, Result};

/// How many of the viewer's own actions are shown.
const RECENT: i64 = 10;

#[derive(Template)]
#[template(path = "admin/index.html")]
pub struct Index {
    frame: AdminFrame,
    recent: Vec<Entry>,
    figures: Vec<Figure>,
    panel: Option<Panel>,
    is_superuser: bool,
}

#[derive(Template)]
#[template(path = "admin/app_index.html")]
pub struct AppIndex {
    frame: AdminFrame,
}

/// `GET /admin/`
///
/// # Errors
/// If the database does not answer.
pub async fn index(request: AdminRequest, db: Data<Database>) -> Result<Page<Index>> {
    let viewer = request.staff.viewer.clone();
    let is_superuser = viewer.is_superuser;
    let dashboard: Option<Dashboard> = request.site.dashboard(&viewer);
    let reader = request.ambient.reader();
    let (recent, (figures, panel)) = db
        .read_aside(move |conn| {
            let recent = log::entries(conn, Of::User(viewer.id), RECENT)?;
            let shown = dashboard.map_or_else(|| Ok(Default::default()), |dashboard| dashboard(conn, reader.zone()))?;
            Ok((recent, shown))
        })
        .await?;
    let title = request.text("admin-index-title");
    let mut frame = request.frame(title, Vec::new());
    if let Some(home) = frame.crumbs.first_mut() {
        home.path = None;
    }
    Ok(Page::new(Index { frame, recent, figures, panel, is_superuser }))
}

/// `GET /admin/{app}/`: the models of one app.
///
/// # Errors
/// `NotFound` for an app of which the viewer may not see any model.
pub async fn app_index(request: AdminRequest, path: Path<String>) -> Result<Page<AppIndex>> {
    let apps = request.site.apps(&request.staff.viewer);
    let app = apps.into_iter().find(|app| app.label == path.as_str()).ok_or(Error::NotFound)?;
    let name = request.text(app.name);
    let mut frame = request.frame(name.clone(), vec![Crumb::here(name)]);
    frame.here = (app.label, "");
    Ok(Page::new(AppIndex { frame }))
}
