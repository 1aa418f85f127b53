//! Logging out, here or everywhere else.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use crate::auth::urls;
use crate::db::Database;
use crate::web::messages::{self, Message};
use crate::web::session;
use crate::web::{Ambient, Page, Result, SeeOther, Session, Staff, filters};

#[derive(Template)]
#[template(path = "registration/logged_out.html")]
pub struct LoggedOut;

/// `POST /admin/logout/`
///
/// # Errors
/// None but those of the house.
pub async fn log_out(request: HttpRequest, session: Session) -> Result<Page<LoggedOut>> {
    let ambient = Ambient::required(&request)?;
    if let Some(viewer) = ambient.viewer() {
        tracing::info!(target: "polls.security", request_id = ambient.request_id, user = viewer.username, "Logged out.");
    }
    session.flush();
    ambient.set_viewer(None);
    Ok(Page::new(LoggedOut))
}

/// `POST /admin/logout/everywhere/`: ends the viewer's other sessions.
///
/// # Errors
/// If the database does not answer.
pub async fn end_others(request: HttpRequest, staff: Staff, session: Session, db: Data<Database>) -> Result<SeeOther> {
    let (ambient, id) = (Ambient::required(&request)?, staff.id);
    let ended = db.write(move |conn| -> Result<_> { Ok(session::end_all(conn, id)?) }).await?.saturating_sub(1);
    session.renew();
    tracing::info!(target: "polls.security", request_id = ambient.request_id, user = staff.username, ended, "Logged out everywhere else.");
    messages::add(&session, Message::success(ambient.text("auth-others-ended")));
    Ok(SeeOther(urls::PASSWORD_CHANGE.to_owned()))
}
