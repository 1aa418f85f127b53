//! What a viewer does with their own password: change it, or end the other sessions.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{CustomizeResponder, Either, HttpRequest, Responder};
use askama::Template;

use crate::auth::forms::{self, Field, PasswordChangeFaults, PasswordChangeForm};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::throttle::{self, Source, Verdict};
use crate::auth::validators::{Fault, Owner};
use crate::auth::{middleware, queries, urls};
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::messages::{self, Message};
use crate::web::session::{self, Session};
use crate::web::{Ambient, Page, Result, SeeOther, Staff, filters};

#[derive(Template)]
#[template(path = "registration/password_change_form.html")]
pub struct PasswordChange {
    fields: Vec<Field>,
    error: Option<String>,
    /// The input beside the button that ends the other sessions.
    end_others: Vec<Field>,
}

#[derive(Template)]
#[template(path = "registration/password_change_done.html")]
pub struct PasswordChangeDone;

/// `GET /admin/password_change/`
///
/// # Errors
/// None but those of the house.
pub async fn password_change(request: HttpRequest, _staff: Staff) -> Result<Page<PasswordChange>> {
    let ambient = Ambient::required(&request)?;
    Ok(page(&ambient, &PasswordChangeFaults::default(), &[], None))
}

/// `POST /admin/password_change/`: the new password ends every other session.
///
/// # Errors
/// None but those of the house; what is wrong with the input is said on the page.
pub async fn change_password(
    request: HttpRequest,
    staff: Staff,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, impl Responder>> {
    let (ambient, form, id) = (Ambient::required(&request)?, PasswordChangeForm::read(&form), staff.id);
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let User { username, first_name, last_name, email, .. } = &user;
    let mut faults = form.faults(&Owner { username, first_name, last_name, email });
    if !form.old.is_empty() {
        match is_own(&ambient, &db, &hasher, &user, &form.old).await? {
            Answer::Right => {}
            Answer::Wrong => faults.old.push(Fault::OldPassword),
            Answer::TooMany(seconds) => return Ok(Either::Right(too_many(&ambient, seconds))),
        }
    }
    if !faults.is_empty() {
        let page = page(&ambient, &faults, &[], None).with_status(StatusCode::BAD_REQUEST);
        return Ok(Either::Right(page.customize()));
    }
    let encoded = hasher.encode(form.new).await?;
    let user = db
        .write_unseen(move |conn| -> Result<_> {
            queries::set_password(conn, id, &encoded)?;
            session::end_all(conn, id)?;
            Ok(queries::find(conn, id)?)
        })
        .await?;
    middleware::log_in(&session, &ambient.site, &user);
    tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, "Changed the own password.");
    Ok(Either::Left(SeeOther(urls::PASSWORD_CHANGE_DONE.to_owned())))
}

/// `POST /admin/logout/everywhere/`: ends the viewer's other sessions. Asks for the password, so that whoever has
/// nothing but a session cannot shut its owner out.
///
/// # Errors
/// None but those of the house; what is wrong with the password is said on the page.
pub async fn end_others(
    request: HttpRequest,
    staff: Staff,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, impl Responder>> {
    let (ambient, id) = (Ambient::required(&request)?, staff.id);
    let password = form.get("password").unwrap_or_default();
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let fault = match password {
        "" => Fault::Required,
        password => match is_own(&ambient, &db, &hasher, &user, password).await? {
            Answer::Right => {
                let ended = db.write_unseen(move |conn| -> Result<_> { Ok(session::end_all(conn, id)?) }).await?;
                let ended = ended.saturating_sub(1);
                session.renew();
                tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, ended, "Logged out everywhere else.");
                messages::add(&session, Message::success(ambient.text("auth-others-ended")));
                return Ok(Either::Left(SeeOther(urls::PASSWORD_CHANGE.to_owned())));
            }
            Answer::Wrong => Fault::OldPassword,
            Answer::TooMany(seconds) => return Ok(Either::Right(too_many(&ambient, seconds))),
        },
    };
    let page = page(&ambient, &PasswordChangeFaults::default(), &[fault], None);
    Ok(Either::Right(page.with_status(StatusCode::BAD_REQUEST).customize()))
}

fn too_many(ambient: &Ambient, seconds: u32) -> CustomizeResponder<Page<PasswordChange>> {
    let error = Some(ambient.text("auth-login-too-many"));
    let page = page(ambient, &PasswordChangeFaults::default(), &[], error);
    page.with_status(StatusCode::TOO_MANY_REQUESTS).customize().insert_header((RETRY_AFTER, seconds))
}

fn page(
    ambient: &Ambient,
    faults: &PasswordChangeFaults,
    end_others: &[Fault],
    error: Option<String>,
) -> Page<PasswordChange> {
    let password = Field::password("password", "auth-password", "current-password");
    let end_others = vec![password.with_faults(ambient, end_others)];
    Page::new(PasswordChange { fields: faults.fields(ambient), error, end_others })
}

/// `GET /admin/password_change/done/`
pub async fn password_change_done(_staff: Staff) -> Page<PasswordChangeDone> {
    Page::new(PasswordChangeDone)
}

enum Answer {
    Right,
    Wrong,
    TooMany(u32),
}

/// Whether the password is the user's. Whoever sits down at a session that was left open cannot guess here either.
async fn is_own(ambient: &Ambient, db: &Database, hasher: &Hasher, user: &User, password: &str) -> Result<Answer> {
    let source = Source::new(&ambient.site.security, &user.username, ambient.client.address);
    let origin = source.origin().to_owned();
    let attempt = match throttle::attempt(db, source).await? {
        Verdict::Allowed(attempt) => attempt,
        Verdict::Refused(seconds) => return Ok(Answer::TooMany(seconds)),
    };
    tokio::time::sleep(attempt.delay).await;
    if !hasher.verify(&origin, password.to_owned(), Some(user.password.clone()), None).await? {
        tracing::warn!(target: "polls.security", request_id = ambient.request_id, user = user.username, "The old password was wrong.");
        return Ok(Answer::Wrong);
    }
    db.write_unseen(move |conn| -> Result<_> { Ok(throttle::succeed(conn, &attempt)?) }).await?;
    Ok(Answer::Right)
}
