//! The logout.

use actix_web::HttpRequest;
use askama::Template;

use crate::auth::door::Door;
use crate::web::pages::filters;
use crate::web::{Ambient, Page, Result, Session};

#[derive(Template)]
pub enum LoggedOut {
    #[template(path = "registration/logged_out.html")]
    Admin { door: Door },
    #[template(path = "registration/account_logged_out.html")]
    Site { door: Door },
}

/// `POST /admin/logout/` and `/accounts/logout/`
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
    let door = *Door::of(&ambient);
    Ok(Page::new(if door.is_admin { LoggedOut::Admin { door } } else { LoggedOut::Site { door } }))
}
