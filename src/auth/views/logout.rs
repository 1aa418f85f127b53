//! The logout.

use actix_web::HttpRequest;
use askama::Template;

use crate::auth::paths;
use crate::web::pages::filters;
use crate::web::{Ambient, Page, Result, Session};

#[derive(Template)]
#[template(path = "registration/logged_out.html")]
pub struct LoggedOut;

/// `POST /admin/logout/`
///
/// # Errors
/// If the handler runs outside the app's middleware.
pub async fn log_out(request: HttpRequest, session: Session) -> Result<Page<LoggedOut>> {
    let ambient = Ambient::required(&request)?;
    if let Some(viewer) = ambient.viewer() {
        tracing::info!(target: "polls.security", request_id = ambient.request_id, user = viewer.username, "Logged out.");
    }
    session.flush();
    ambient.set_viewer(None);
    Ok(Page::new(LoggedOut))
}
