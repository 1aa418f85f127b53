//! The pages on which users change their own password or end their other sessions.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{CustomizeResponder, Either, HttpRequest, Responder};
use askama::Template;

use crate::auth::door::{Account, Door};
use crate::auth::forms::{self, Field, PasswordChangeFaults, PasswordChangeForm};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::renewal::{self, Renewal};
use crate::auth::throttle::{self, Source, ThrottleVerdict};
use crate::auth::validators::{Fault, Owner};
use crate::auth::{hashers, queries};
use crate::db::{Connection, Database};
use crate::web::context::messages;
use crate::web::context::messages::Message;
use crate::web::context::session;
use crate::web::context::session::Session;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::submission::Outcome;
use crate::web::{Ambient, Page, Result, SeeOther, Submission, Viewer};

#[derive(Template)]
pub enum PasswordChange {
    #[template(path = "registration/password_change_form.html")]
    Admin { contents: PasswordContents },
    #[template(path = "registration/account_password_change_form.html")]
    Site { contents: PasswordContents },
}

pub struct PasswordContents {
    door: &'static Door,
    fields: Vec<Field>,
    error: Option<String>,
    /// The password input beside the button that ends the other sessions.
    end_others: Vec<Field>,
}

#[derive(Template)]
pub enum PasswordChangeDone {
    #[template(path = "registration/password_change_done.html")]
    Admin { door: Door },
    #[template(path = "registration/account_password_change_done.html")]
    Site { door: Door },
}

/// `GET /admin/password_change/` and `/accounts/password_change/`
///
/// # Errors
/// If the handler runs outside the app's middleware.
pub async fn password_change(request: HttpRequest, _account: Account) -> Result<Page<PasswordChange>> {
    let ambient = Ambient::required(&request)?;
    Ok(page(&ambient, &PasswordChangeFaults::default(), &[], None))
}

/// `POST /admin/password_change/` and `/accounts/password_change/`: the new password ends every other session.
///
/// # Errors
/// If the database does not answer; `Unavailable` if too many passwords are being hashed. Wrong input is not an error
/// but a page.
pub async fn change_password(
    request: HttpRequest,
    account: Result<Account>,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, impl Responder>> {
    let ambient = Ambient::required(&request)?;
    let submission = Submission::by_key(&ambient, &form);
    if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
        return Ok(Either::Left(answer));
    }
    let Account { viewer: Viewer { id, .. }, door } = account?;
    let form = PasswordChangeForm::read(&form);
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let User { username, first_name, last_name, email, .. } = &user;
    let mut faults = form.faults(&Owner { username, first_name, last_name, email });
    if !form.old.is_empty() {
        match is_own(&ambient, &db, &hasher, &user, &form.old).await? {
            PasswordChangeResponse::Right => {}
            PasswordChangeResponse::Wrong => {
                // The same form, sent twice, may meanwhile have changed the password.
                if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
                    return Ok(Either::Left(answer));
                }
                faults.old.push(Fault::OldPassword);
            }
            PasswordChangeResponse::TooMany(seconds) => return Ok(Either::Right(too_many(&ambient, seconds))),
        }
    }
    if !faults.is_empty() {
        let page = page(&ambient, &faults, &[], None).with_status(StatusCode::BAD_REQUEST);
        return Ok(Either::Right(page.customize()));
    }
    let encoded = hasher.encode(db.read(hashers::PasswordEncoding::of).await?, form.new).await?;
    let from = session.presented_digest();
    let Outcome { value: renewal, is_repeated } = db
        .write_unseen(move |conn| -> Result<_> {
            submission.once(conn, Renewal::still_holds, |conn| {
                queries::set_password(conn, id, &encoded)?;
                session::end_all(conn, id)?;
                Ok(Renewal::new(&queries::find(conn, id)?, from, door.password_change_done, None))
            })
        })
        .await?;
    if !is_repeated {
        tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, "A user changed their own password.");
    }
    let answer = renewal.answer(&ambient, &db).await?;
    Ok(Either::Left(answer.unwrap_or_else(|| SeeOther(door.password_change.to_owned()))))
}

/// `POST /admin/logout/everywhere/` and `/accounts/logout/everywhere/`: ends the viewer's other sessions. The form has to
/// contain the password: a stolen session cookie alone must not be enough to log its owner out.
///
/// # Errors
/// If the database does not answer; `Unavailable` if too many passwords are being hashed. A wrong password is not an
/// error but a page.
pub async fn end_others(
    request: HttpRequest,
    account: Result<Account>,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, impl Responder>> {
    let ambient = Ambient::required(&request)?;
    let submission = Submission::by_key(&ambient, &form);
    if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
        return Ok(Either::Left(answer));
    }
    let Account { viewer: Viewer { id, .. }, door } = account?;
    let password = form.get("password").unwrap_or_default();
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let fault = match password {
        "" => Fault::Required,
        password => match is_own(&ambient, &db, &hasher, &user, password).await? {
            PasswordChangeResponse::Right => {
                let from = session.presented_digest();
                let (outcome, ended) = db.write_unseen(move |conn| end_all(conn, id, from, door, &submission)).await?;
                if outcome.is_repeated {
                    let answer = outcome.value.answer(&ambient, &db).await?;
                    return Ok(Either::Left(answer.unwrap_or_else(|| SeeOther(door.password_change.to_owned()))));
                }
                session.renew();
                tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, ended, "Logged out everywhere else.");
                messages::add(&session, Message::success(ambient.text("auth-others-ended")));
                return Ok(Either::Left(SeeOther(door.password_change.to_owned())));
            }
            PasswordChangeResponse::Wrong => Fault::OldPassword,
            PasswordChangeResponse::TooMany(seconds) => return Ok(Either::Right(too_many(&ambient, seconds))),
        },
    };
    let page = page(&ambient, &PasswordChangeFaults::default(), &[fault], None);
    Ok(Either::Right(page.with_status(StatusCode::BAD_REQUEST).customize()))
}

/// Ends every session of a user, and returns how many there were besides the current one.
fn end_all(
    conn: &mut Connection,
    id: i32,
    from: Option<String>,
    door: &Door,
    submission: &Submission,
) -> Result<(Outcome<Renewal>, usize)> {
    let mut ended = 0;
    let outcome = submission.once(conn, Renewal::still_holds, |conn| -> Result<_> {
        ended = session::end_all(conn, id)?.saturating_sub(1);
        let user = queries::find(conn, id)?;
        Ok(Renewal::new(&user, from, door.password_change, Some("auth-others-ended")))
    })?;
    Ok((outcome, ended))
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
    let contents = PasswordContents { door: Door::of(ambient), fields: faults.fields(ambient), error, end_others };
    let is_admin = contents.door.is_admin;
    Page::new(if is_admin { PasswordChange::Admin { contents } } else { PasswordChange::Site { contents } })
}

/// `GET /admin/password_change/done/` and `/accounts/password_change/done/`
pub async fn password_change_done(Account { door, .. }: Account) -> Page<PasswordChangeDone> {
    Page::new(if door.is_admin {
        PasswordChangeDone::Admin { door: *door }
    } else {
        PasswordChangeDone::Site { door: *door }
    })
}

pub(super) enum PasswordChangeResponse {
    Right,
    Wrong,
    TooMany(u32),
}

impl PasswordChangeResponse {
    /// The message and the status for a password that is not accepted.
    pub(super) fn refusal(&self) -> Option<(&'static str, StatusCode)> {
        match self {
            Self::Right => None,
            Self::Wrong => Some(("auth-old-password-wrong", StatusCode::BAD_REQUEST)),
            Self::TooMany(_) => Some(("auth-login-too-many", StatusCode::TOO_MANY_REQUESTS)),
        }
    }
}

/// Whether the password is the user's. The attempts are limited as at the login, so that nobody can guess the password
/// from a session that was left open.
pub(super) async fn is_own(
    ambient: &Ambient,
    db: &Database,
    hasher: &Hasher,
    user: &User,
    password: &str,
) -> Result<PasswordChangeResponse> {
    let source = Source::new(&ambient.site.security, &user.username, ambient.client.address);
    let origin = source.origin().to_owned();
    let attempt = match throttle::attempt(db, source).await? {
        ThrottleVerdict::Allowed(attempt) => attempt,
        ThrottleVerdict::Refused(seconds) => return Ok(PasswordChangeResponse::TooMany(seconds)),
    };
    tokio::time::sleep(attempt.delay).await;
    if !hasher.verify(&origin, password.to_owned(), Some(user.password.clone()), None).await? {
        tracing::warn!(target: "polls.security", request_id = ambient.request_id, user = user.username, "The old password was wrong.");
        return Ok(PasswordChangeResponse::Wrong);
    }
    db.write_unseen(move |conn| -> Result<_> { Ok(throttle::succeed(conn, &attempt)?) }).await?;
    Ok(PasswordChangeResponse::Right)
}
