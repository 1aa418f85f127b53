//! A viewer changes their own password.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, Responder};
use askama::Template;

use crate::auth::forms::{self, Field, PasswordChangeFaults, PasswordChangeForm};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::throttle::{self, Source, Verdict};
use crate::auth::validators::{Fault, Owner};
use crate::auth::renewal::{self, Renewal};
use crate::auth::{queries, urls};
use crate::db::Database;
use crate::web::forms::Form;
use crate::web::session::{self, Session};
use crate::web::submission::Outcome;
use crate::web::{Ambient, Page, Result, SeeOther, Staff, Submission, filters};

#[derive(Template)]
#[template(path = "registration/password_change_form.html")]
pub struct PasswordChange {
    fields: Vec<Field>,
    error: Option<String>,
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
    Ok(Page::new(PasswordChange { fields: PasswordChangeFaults::default().fields(&ambient), error: None }))
}

/// `POST /admin/password_change/`: the new password ends every other session.
///
/// # Errors
/// None but those of the house; what is wrong with the input is said on the page.
pub async fn change_password(
    request: HttpRequest,
    staff: Result<Staff>,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, impl Responder>> {
    let ambient = Ambient::required(&request)?;
    let submission = Submission::new(&ambient, &form, &[]);
    if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
        return Ok(Either::Left(answer));
    }
    let (form, id) = (PasswordChangeForm::read(&form), staff?.id);
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let User { username, first_name, last_name, email, .. } = &user;
    let mut faults = form.faults(&Owner { username, first_name, last_name, email });
    if !form.old.is_empty() {
        match is_own(&ambient, &db, &hasher, &user, &form.old).await? {
            Answer::Right => {}
            Answer::Wrong => {
                // It may have been changed meanwhile, by this very form.
                if let Some(answer) = renewal::repeat(&ambient, &db, &submission).await? {
                    return Ok(Either::Left(answer));
                }
                faults.old.push(Fault::OldPassword);
            }
            Answer::TooMany(seconds) => {
                let error = Some(ambient.text("auth-login-too-many"));
                let page = PasswordChange { fields: PasswordChangeFaults::default().fields(&ambient), error };
                let page = Page::new(page).with_status(StatusCode::TOO_MANY_REQUESTS);
                return Ok(Either::Right(page.customize().insert_header((RETRY_AFTER, seconds))));
            }
        }
    }
    if !faults.is_empty() {
        let page = PasswordChange { fields: faults.fields(&ambient), error: None };
        return Ok(Either::Right(Page::new(page).with_status(StatusCode::BAD_REQUEST).customize()));
    }
    let encoded = hasher.encode(form.new).await?;
    let from = session.presented_digest();
    let Outcome { value: renewal, is_repeated } = db
        .write(move |conn| -> Result<_> {
            submission.once(
                conn,
                Renewal::still_holds,
                |conn| {
                    queries::set_password(conn, id, &encoded)?;
                    session::end_all(conn, id)?;
                    Ok(Renewal::new(&queries::find(conn, id)?, from, urls::PASSWORD_CHANGE_DONE, None))
                },
            )
        })
        .await?;
    if !is_repeated {
        tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, "Changed the own password.");
    }
    let answer = renewal.answer(&ambient, &db).await?;
    Ok(Either::Left(answer.unwrap_or_else(|| SeeOther(urls::PASSWORD_CHANGE.to_owned()))))
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

/// Whoever sits down at a session that was left open cannot guess here either.
async fn is_own(ambient: &Ambient, db: &Database, hasher: &Hasher, user: &User, password: &str) -> Result<Answer> {
    let source = Source::new(&ambient.site.security, &user.username, ambient.client.address);
    let attempt = match throttle::attempt(db, source).await? {
        Verdict::Allowed(attempt) => attempt,
        Verdict::Refused(seconds) => return Ok(Answer::TooMany(seconds)),
    };
    tokio::time::sleep(attempt.delay).await;
    if !hasher.verify(password.to_owned(), user.password.clone()).await? {
        tracing::warn!(target: "polls.security", request_id = ambient.request_id, user = user.username, "The old password was wrong.");
        return Ok(Answer::Wrong);
    }
    db.write(move |conn| -> Result<_> { Ok(throttle::succeed(conn, &attempt)?) }).await?;
    Ok(Answer::Right)
}
