//! The pages on which somebody who has forgotten the password asks for a link. Nothing in the answer, nor in what the
//! program does for it, depends on whether an address is known: `polls outbound` looks for it later.

use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, Responder};
use askama::Template;
use chrono::TimeDelta;

use crate::auth::forms::{self, Field};
use crate::auth::paths;
use crate::auth::reset::forms::PasswordResetForm;
use crate::auth::reset::mails;
use crate::auth::throttle::{self, Source, ThrottleVerdict};
use crate::clock;
use crate::db::{Connection, Database};
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Page, Result, SeeOther, Submission};

/// How long a form that is sent again is taken for the same. Whoever sends it later has waited for the mail in vain.
const WITHIN: TimeDelta = TimeDelta::minutes(1);

#[derive(Template)]
#[template(path = "registration/password_reset_form.html")]
pub struct PasswordReset {
    fields: Vec<Field>,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "registration/password_reset_done.html")]
pub struct PasswordResetDone;

/// `GET /accounts/password_reset/`
///
/// # Errors
/// `NotFound` if the site sends no mail.
pub async fn password_reset(request: HttpRequest) -> Result<Page<PasswordReset>> {
    let ambient = demand_mail(&request)?;
    Ok(Page::new(PasswordReset { fields: PasswordResetForm::default().fields(&ambient, None), error: None }))
}

/// `POST /accounts/password_reset/`
///
/// # Errors
/// `NotFound` if the site sends no mail; another error if the database does not answer. Wrong input is not an error but
/// a page.
pub async fn ask_for_reset(
    request: HttpRequest,
    db: Data<Database>,
    form: Form,
) -> Result<Either<SeeOther, impl Responder>> {
    let ambient = demand_mail(&request)?;
    let submission = Submission::by_key(&ambient, &form);
    let done = || Ok(Either::Left(SeeOther(paths::PASSWORD_RESET_DONE.to_owned())));
    if submission.earlier::<i64>(&db, WITHIN).await?.is_some() {
        return done();
    }
    let form = PasswordResetForm::read(&form);
    let page = |fault, error: Option<&str>, status| {
        let error = error.map(|error| ambient.text(error));
        Page::new(PasswordReset { fields: form.fields(&ambient, fault), error }).with_status(status).customize()
    };
    let address = match form.clean() {
        Ok(address) => address,
        Err(fault) => return Ok(Either::Right(page(Some(fault), None, StatusCode::BAD_REQUEST))),
    };
    let source = Source::new(&ambient.site.security, &form.account(), ambient.client.address);
    match throttle::attempt(&db, source).await? {
        ThrottleVerdict::Allowed(attempt) => tokio::time::sleep(attempt.delay).await,
        ThrottleVerdict::Refused(seconds) => {
            let (request_id, address) = (&ambient.request_id, ambient.client.address);
            tracing::warn!(target: "polls.security", request_id, ?address, "Refused to send a link for a new password: too many were asked for.");
            let page = page(None, Some("auth-reset-too-many"), StatusCode::TOO_MANY_REQUESTS);
            return Ok(Either::Right(page.insert_header((RETRY_AFTER, seconds))));
        }
    }
    let (site, language) = (ambient.site.clone(), ambient.language);
    db.write_unseen(move |conn| -> Result<_> {
        let now = clock::now().and_utc().timestamp();
        let is_fresh = |_: &mut Connection, at: &i64| Ok(now - at <= WITHIN.num_seconds());
        submission.once(conn, is_fresh, |conn| {
            mails::ask(conn, &site.mail, &address, language)?;
            Ok(now)
        })
    })
    .await?;
    tracing::info!(target: "polls.security", request_id = ambient.request_id, address = ?ambient.client.address, "Somebody asked for a link for a new password.");
    done()
}

/// `GET /accounts/password_reset/done/`
///
/// # Errors
/// `NotFound` if the site sends no mail.
pub async fn password_reset_done(request: HttpRequest) -> Result<Page<PasswordResetDone>> {
    demand_mail(&request)?;
    Ok(Page::new(PasswordResetDone))
}

/// The request's ambient values, if the site sends mail.
pub(super) fn demand_mail(request: &HttpRequest) -> Result<Rc<Ambient>> {
    let ambient = Ambient::required(request)?;
    ambient.make_private();
    if ambient.site.mail.is_on() { Ok(ambient) } else { Err(Error::NotFound) }
}
