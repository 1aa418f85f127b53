//! The second page of a login, for users with a second factor.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder};
use askama::Template;
use diesel::OptionalExtension as _;

use super::beginning::{PENDING, PendingLogin, destination, go_to, welcome_in};
use crate::auth::door::Door;
use crate::auth::forms::{self, Field};
use crate::auth::models::User;
use crate::auth::second_factor::{self, store};
use crate::auth::throttle::{self, LoginAttempt, Source, ThrottleVerdict};
use crate::auth::{queries, renewal};
use crate::clock;
use crate::db::{Connection, Database};
use crate::settings::SecuritySettings;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Ambient, Page, Result, Session};

#[derive(Template)]
pub enum LoginCode {
    #[template(path = "registration/login_code.html")]
    Admin { contents: LoginCodeContents },
    #[template(path = "registration/account_login_code.html")]
    Site { contents: LoginCodeContents },
}

pub struct LoginCodeContents {
    door: &'static Door,
    fields: Vec<Field>,
    error: Option<String>,
}

/// `GET /admin/login/code/` and `/accounts/login/code/`
///
/// # Errors
/// If the handler runs outside the app's middleware.
pub async fn login_code(request: HttpRequest, session: Session) -> Result<Either<HttpResponse, Page<LoginCode>>> {
    let ambient = Ambient::required(&request)?;
    if PendingLogin::in_session(&session).is_none() {
        return Ok(Either::Left(go_to(&ambient.site.url(Door::of(&ambient).login))));
    }
    Ok(Either::Right(page(&ambient, None)))
}

/// `POST /admin/login/code/` and `/accounts/login/code/`: a code of the app, or one on paper.
///
/// # Errors
/// If the database does not answer. A wrong code is not an error but a page.
pub async fn check_login_code(
    request: HttpRequest,
    session: Session,
    db: Data<Database>,
    form: Form,
) -> Result<Either<HttpResponse, impl Responder>> {
    let ambient = Ambient::required(&request)?;
    let door = Door::of(&ambient);
    let Some(pending) = PendingLogin::in_session(&session) else {
        return Ok(Either::Left(go_to(&ambient.site.url(door.login))));
    };
    let (request_id, address) = (&ambient.request_id, ambient.client.address);
    // Counted apart from passwords, which whoever tries codes has right.
    let source = Source::new(&ambient.site.security, &format!("{}\0code", pending.user), address);
    let attempt = match throttle::attempt(&db, source).await? {
        ThrottleVerdict::Allowed(attempt) => attempt,
        ThrottleVerdict::Refused(seconds) => {
            tracing::warn!(target: "polls.security", request_id, ?address, user_id = pending.user, "Refused a code: too many have failed.");
            let page =
                page(&ambient, Some(ambient.text("auth-login-too-many"))).with_status(StatusCode::TOO_MANY_REQUESTS);
            return Ok(Either::Right(page.customize().insert_header((RETRY_AFTER, seconds))));
        }
    };
    tokio::time::sleep(attempt.delay).await;
    let next = pending.next.clone();
    let (security, code) = (ambient.site.security.clone(), form.get("code").unwrap_or_default().to_owned());
    let user = pending.user;
    let passed = db.write_unseen(move |conn| pass(conn, &security, door, &pending, &code, &attempt)).await?;
    let Some((user, is_on_paper)) = passed else {
        tracing::warn!(target: "polls.security", request_id, ?address, user_id = user, "A code of a second factor was wrong.");
        let page = page(&ambient, Some(ambient.text("auth-code-wrong"))).with_status(StatusCode::BAD_REQUEST);
        return Ok(Either::Right(page.customize()));
    };
    session.remove::<PendingLogin>(PENDING);
    welcome_in(&request, &session, &ambient, &user);
    tracing::info!(target: "polls.security", request_id, ?address, user = user.username, is_on_paper, "Logged in with a second factor.");
    Ok(Either::Left(go_to(&destination(&ambient, door, next))))
}

/// The user of a login whose code is right, and whether the code was one on paper. The code is spent.
fn pass(
    conn: &mut Connection,
    security: &SecuritySettings,
    door: &Door,
    pending: &PendingLogin,
    code: &str,
    attempt: &LoginAttempt,
) -> Result<Option<(User, bool)>> {
    let user = queries::find(conn, pending.user).optional()?;
    let is_as_before = |user: &User| door.admits(user) && renewal::fingerprint(user) == pending.password;
    let Some(user) = user.filter(is_as_before) else { return Ok(None) };
    let Some(factor) = store::find(conn, user.id)? else { return Ok(None) };
    let now = clock::now();
    let step = second_factor::step_of(security, &factor.salt, code, now.and_utc().timestamp());
    let is_right = match step {
        Some(step) => store::spend_step(conn, user.id, step)?,
        None => store::spend_code(conn, user.id, &second_factor::recovery_digests(security, code), now)?,
    };
    if !is_right {
        return Ok(None);
    }
    throttle::succeed(conn, attempt)?;
    Ok(Some((user, step.is_none())))
}

fn page(ambient: &Ambient, error: Option<String>) -> Page<LoginCode> {
    let contents = LoginCodeContents { door: Door::of(ambient), fields: vec![Field::code(&["auth-code-help"])], error };
    let is_admin = contents.door.is_admin;
    Page::new(if is_admin { LoginCode::Admin { contents } } else { LoginCode::Site { contents } })
}
