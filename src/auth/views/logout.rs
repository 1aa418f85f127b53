//! Logging out, here or everywhere else.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use crate::auth::renewal::{self, Renewal};
use crate::auth::{queries, urls};
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::session;
use crate::web::{Ambient, Page, Result, SeeOther, Session, Staff, Submission, filters};

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
pub async fn end_others(
    request: HttpRequest,
    staff: Result<Staff>,
    session: Session,
    db: Data<Database>,
    form: Form,
) -> Result<SeeOther> {
    let ambient = Ambient::required(&request)?;
    let submission = Submission::new(&ambient, &form, &[]);
    if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
        return Ok(answer);
    }
    let (staff, from) = (staff?, session.presented_digest());
    let (id, mut ended) = (staff.id, 0);
    let (outcome, ended) = db
        .write(move |conn| -> Result<_> {
            let outcome = submission.once(
                conn,
                Renewal::still_holds,
                |conn| -> Result<_> {
                    ended = session::end_all(conn, id)?.saturating_sub(1);
                    let user = queries::find(conn, id)?;
                    Ok(Renewal::new(&user, from, urls::PASSWORD_CHANGE, Some("auth-others-ended")))
                },
            )?;
            Ok((outcome, ended))
        })
        .await?;
    if !outcome.is_repeated {
        tracing::info!(target: "polls.security", request_id = ambient.request_id, user = staff.username, ended, "Logged out everywhere else.");
    }
    let answer = outcome.value.answer(&ambient, &db).await?;
    Ok(answer.unwrap_or_else(|| SeeOther(urls::PASSWORD_CHANGE.to_owned())))
}
