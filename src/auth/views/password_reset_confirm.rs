//! The pages to which a link for a new password leads. The link's secret leaves the address at once: the session keeps
//! what it allows, and the form is at an address without it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{Either, HttpRequest};
use askama::Template;
use chrono::TimeDelta;
use diesel::OptionalExtension as _;

use super::password_reset::demand_mail;
use crate::auth::forms::{self, Field};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::reset::forms::NewPasswordForm;
use crate::auth::reset::mails;
use crate::auth::reset::token::{self, ResetGrant, ResetToken};
use crate::auth::validators::{Fault, Owner};
use crate::auth::{hashers, paths, queries};
use crate::clock;
use crate::db::Database;
use crate::web::context::session;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Page, Result, SeeOther, Session, Submission};

/// The key of the session under which it is kept what a link allows (Django keeps the token itself there).
const GRANT: &str = "_password_reset_grant";
/// How long after the first a repetition of the form is answered as the first.
const WITHIN: TimeDelta = TimeDelta::minutes(5);

#[derive(Template)]
#[template(path = "registration/password_reset_confirm.html")]
pub struct PasswordResetConfirm {
    fields: Vec<Field>,
    /// None if the link is not valid.
    username: Option<String>,
}

#[derive(Template)]
#[template(path = "registration/password_reset_complete.html")]
pub struct PasswordResetComplete;

/// `GET /accounts/reset/{uid}/{token}/`
///
/// # Errors
/// `NotFound` if the site sends no mail; another error if the database does not answer. A link that is not valid is not an
/// error but a page.
pub async fn open_reset_link(
    request: HttpRequest,
    path: Path<(String, String)>,
    session: Session,
    db: Data<Database>,
) -> Result<Either<SeeOther, Page<PasswordResetConfirm>>> {
    let ambient = demand_mail(&request)?;
    let (uid, token) = path.into_inner();
    let (user, token) = (user(&db, &uid).await?, ResetToken::parse(&token));
    let (security, life) = (&ambient.site.security, life(&ambient));
    match user.zip(token) {
        Some((user, token)) if token.is_of(security.keys(), &user, clock::now(), life) => {
            // Whoever knows the key of the session from before must not have what the link allows.
            session.renew();
            session.insert(GRANT, &token.grant());
            Ok(Either::Left(SeeOther(paths::set_new_password(&uid))))
        }
        _ => Ok(Either::Right(invalid())),
    }
}

/// `GET /accounts/reset/{uid}/set-password/`
///
/// # Errors
/// As [`open_reset_link`].
pub async fn new_password(
    request: HttpRequest,
    uid: Path<String>,
    session: Session,
    db: Data<Database>,
) -> Result<Page<PasswordResetConfirm>> {
    let ambient = demand_mail(&request)?;
    let user = granted(&ambient, &session, &db, &uid).await?;
    Ok(user.map_or_else(invalid, |user| page(&ambient, &user, &(Vec::new(), Vec::new()), StatusCode::OK)))
}

/// `POST /accounts/reset/{uid}/set-password/`: sets the password, and ends every session of the user.
///
/// # Errors
/// As [`open_reset_link`]; `Unavailable` if too many passwords are being hashed.
pub async fn set_new_password(
    request: HttpRequest,
    uid: Path<String>,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, Page<PasswordResetConfirm>>> {
    let ambient = demand_mail(&request)?;
    let submission = Submission::by_key(&ambient, &form);
    let complete = || Ok(Either::Left(SeeOther(paths::password_reset_complete())));
    if submission.earlier::<()>(&db, WITHIN).await?.is_some() {
        return complete();
    }
    let Some(user) = granted(&ambient, &session, &db, &uid).await? else {
        return Ok(Either::Right(invalid()));
    };
    let form = NewPasswordForm::read(&form);
    let User { username, first_name, last_name, email, .. } = &user;
    let faults = form.faults(&Owner { username, first_name, last_name, email });
    if !faults.0.is_empty() || !faults.1.is_empty() {
        return Ok(Either::Right(page(&ambient, &user, &faults, StatusCode::BAD_REQUEST)));
    }
    let encoded = hasher.encode(db.read(hashers::PasswordEncoding::of).await?, form.new).await?;
    let (site, language, id, was) = (ambient.site.clone(), ambient.language, user.id, user.password.clone());
    let written = db
        .write_unseen(move |conn| -> Result<_> {
            submission.once(
                conn,
                |_, ()| Ok(true),
                |conn| {
                    // Of two forms that come at the same time with one link, the second finds another password.
                    if !queries::replace_password(conn, id, &was, &encoded)? {
                        return Err(Error::NotFound);
                    }
                    session::end_all(conn, id)?;
                    Ok(mails::tell_of_change(conn, &site.mail, id, language)?)
                },
            )
        })
        .await;
    match written {
        Ok(_) => {}
        Err(Error::NotFound) => return Ok(Either::Right(invalid())),
        Err(error) => return Err(error),
    }
    session.remove::<ResetGrant>(GRANT);
    if session.user_id() == Some(user.id) {
        session.flush();
        ambient.set_viewer(None);
    }
    tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, "A user set a new password by a link.");
    complete()
}

/// `GET /accounts/reset/done/`
///
/// # Errors
/// `NotFound` if the site sends no mail.
pub async fn password_reset_complete(request: HttpRequest) -> Result<Page<PasswordResetComplete>> {
    demand_mail(&request)?;
    Ok(Page::new(PasswordResetComplete))
}

/// The user of an address if the session was opened by a valid link of that user.
async fn granted(ambient: &Ambient, session: &Session, db: &Database, uid: &str) -> Result<Option<User>> {
    let Some(grant) = session.get::<ResetGrant>(GRANT) else { return Ok(None) };
    let user = user(db, uid).await?;
    let is_granted = |user: &User| grant.is_of(ambient.site.security.keys(), user, clock::now(), life(ambient));
    Ok(user.filter(is_granted))
}

async fn user(db: &Database, uid: &str) -> Result<Option<User>> {
    let Some(id) = token::user_of(uid) else { return Ok(None) };
    let user = db.read(move |conn| queries::find(conn, id).optional()).await?;
    Ok(user.filter(mails::may_reset))
}

fn life(ambient: &Ambient) -> TimeDelta {
    TimeDelta::from_std(ambient.site.security.password_reset_timeout).unwrap_or_default()
}

fn page(
    ambient: &Ambient,
    user: &User,
    faults: &(Vec<Fault>, Vec<Fault>),
    status: StatusCode,
) -> Page<PasswordResetConfirm> {
    let (fields, username) = (NewPasswordForm::fields(ambient, faults), Some(user.username.clone()));
    Page::new(PasswordResetConfirm { fields, username }).with_status(status)
}

/// The page for a link that was used, is too old, was cut by a mail program, or is none.
fn invalid() -> Page<PasswordResetConfirm> {
    Page::new(PasswordResetConfirm { fields: Vec::new(), username: None }).with_status(StatusCode::NOT_FOUND)
}
