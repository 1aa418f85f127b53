//! The login page.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest, HttpResponse, Responder};
use askama::Template;
use secrecy::ExposeSecret as _;

use super::beginning::{self, PendingLogin, destination, go_to, welcome_in};
use crate::auth::door::Door;
use crate::auth::forms::{self, Field, LoginForm};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::second_factor::store;
use crate::auth::throttle::{self, LoginAttempt, Source, ThrottleVerdict};
use crate::auth::{hashers, queries, refusals, validators};
use crate::clock;
use crate::db::Database;
use crate::logging::Repeated;
use crate::settings::SecuritySettings;
use crate::web::http::forms::Form;
use crate::web::http::secrets;
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Result, Session, Viewer};

#[derive(Template)]
pub enum LoginPage {
    #[template(path = "registration/login.html")]
    Admin { contents: LoginContents },
    #[template(path = "registration/account_login.html")]
    Site { contents: LoginContents },
}

pub struct LoginContents {
    door: &'static Door,
    fields: Vec<Field>,
    next: String,
    /// The error of the form as a whole.
    error: Option<String>,
    /// The name of a user who is logged in and may not use the admin.
    unauthorised: Option<String>,
}

/// `GET /admin/login/` and `/accounts/login/`
///
/// # Errors
/// If the handler runs outside the app's middleware.
pub async fn login(request: HttpRequest, viewer: Option<Viewer>) -> Result<Either<HttpResponse, impl Responder>> {
    let ambient = Ambient::required(&request)?;
    let door = Door::of(&ambient);
    let next = form_urlencoded::parse(request.query_string().as_bytes())
        .filter(|(name, _)| name == "next")
        .last()
        .map(|(_, next)| next.into_owned());
    let form = LoginForm { next: next.unwrap_or_default(), ..LoginForm::default() };
    if viewer.is_some_and(|viewer| door.admits_viewer(&viewer)) {
        let next = if door.is_admin { ambient.site.url(door.home) } else { destination(&ambient, door, form.next) };
        return Ok(Either::Left(go_to(&next)));
    }
    Ok(Either::Right(page(&ambient, &form, None, false)))
}

/// `POST /admin/login/` and `/accounts/login/`
///
/// # Errors
/// If the database does not answer; `Unavailable` if too many passwords are being hashed; `TooMany` if too many logins
/// are refused at once. A wrong login is not an error but a page.
pub async fn log_in(
    request: HttpRequest,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<HttpResponse, impl Responder>> {
    let (ambient, form) = (Ambient::required(&request)?, LoginForm::read(&form));
    let door = Door::of(&ambient);
    let answer = |status, error: Option<&str>| {
        let error = error.map(|error| ambient.text(error));
        page(&ambient, &form, error, true).with_status(status)
    };
    if !form.is_complete() {
        return Ok(Either::Right(answer(StatusCode::BAD_REQUEST, None).customize()));
    }
    match authenticate(&ambient, door, &db, &hasher, &form).await? {
        LoginOutcome::Welcome(user) => {
            welcome_in(&request, &session, &ambient, &user);
            Ok(Either::Left(go_to(&destination(&ambient, door, form.next))))
        }
        LoginOutcome::NeedsCode(user) => {
            session.renew();
            session.insert(beginning::PENDING, &PendingLogin::of(&user, form.next));
            Ok(Either::Left(go_to(&ambient.site.url(door.login_code))))
        }
        LoginOutcome::Wrong => {
            let error = if door.is_admin { "auth-login-wrong" } else { "auth-account-login-wrong" };
            Ok(Either::Right(answer(StatusCode::BAD_REQUEST, Some(error)).customize()))
        }
        LoginOutcome::TooMany(seconds) => {
            let (request_id, address) = (&ambient.request_id, ambient.client.address);
            if !refusals::wait().await {
                REFUSED.log(format!("request_id={request_id:?} address={address:?}"));
                return Err(Error::TooMany(seconds));
            }
            tracing::warn!(target: "polls.security", request_id, ?address, "Refused a login: too many have failed.");
            let page = answer(StatusCode::TOO_MANY_REQUESTS, Some("auth-login-too-many"));
            Ok(Either::Right(page.customize().insert_header((RETRY_AFTER, seconds))))
        }
    }
}

/// Logs refusals that are too many to be logged one by one.
static REFUSED: Repeated = Repeated::new(|last, times| {
    tracing::warn!(target: "polls.security", last, times, "Refused logins: too many have failed.");
});

enum LoginOutcome {
    Welcome(User),
    /// The password is right, and the user has a second factor.
    NeedsCode(User),
    /// Wrong name, wrong password, inactive, or not staff at the admin: the answer does not say which.
    Wrong,
    TooMany(u32),
}

async fn authenticate(
    ambient: &Ambient,
    door: &'static Door,
    db: &Database,
    hasher: &Hasher,
    form: &LoginForm,
) -> Result<LoginOutcome> {
    let (request_id, address, security) = (&ambient.request_id, ambient.client.address, &ambient.site.security);
    if let Some(ThrottleVerdict::Refused(seconds)) = throttle::refuse(&Source::new(security, &form.username, address)) {
        return Ok(LoginOutcome::TooMany(seconds));
    }
    let name = validators::clean_username(&form.username).ok();
    let number = stand_in_number(security, &form.username);
    let (user, stand_in) = db
        .read(move |conn| {
            let user = name.as_deref().map(|name| queries::by_username(conn, name)).transpose()?.flatten();
            Ok((user, queries::stand_in(conn, number, door.is_admin)?))
        })
        .await?;
    // A name of no user may be a password that was typed into the wrong field, so it is not logged.
    let known = user.as_ref().map_or("(unknown)", |user| user.username.as_str()).to_owned();
    let account = user.as_ref().map_or(form.username.as_str(), |user| user.username.as_str());
    let source = Source::new(security, account, address);
    let origin = source.origin().to_owned();
    let attempt = match throttle::attempt(db, source).await? {
        ThrottleVerdict::Allowed(attempt) => attempt,
        ThrottleVerdict::Refused(seconds) => return Ok(LoginOutcome::TooMany(seconds)),
    };
    tokio::time::sleep(attempt.delay).await;
    let user = user.filter(|user| door.admits(user));
    let encoded = user.as_ref().map(|user| user.password.clone());
    let right = hasher.verify(&origin, form.password.clone(), encoded, stand_in).await?;
    let user = match user {
        Some(user) if right => welcome(db, door, hasher, user, attempt, &form.password).await?,
        _ => None,
    };
    let Some(user) = user else {
        tracing::warn!(target: "polls.security", request_id, ?address, user = known, "A login failed.");
        return Ok(LoginOutcome::Wrong);
    };
    let id = user.id;
    if db.read(move |conn| store::is_on(conn, id)).await? {
        tracing::info!(target: "polls.security", request_id, ?address, user = user.username, "A password was right; the second factor is asked for.");
        return Ok(LoginOutcome::NeedsCode(user));
    }
    tracing::info!(target: "polls.security", request_id, ?address, user = user.username, "Logged in.");
    Ok(LoginOutcome::Welcome(user))
}

/// Chooses the user whose password is verified in place of that of an unknown user. The choice is the same each time
/// for a name, and each hasher is chosen as often as it is used, so that the time does not reveal whether the name
/// exists.
fn stand_in_number(security: &SecuritySettings, name: &str) -> u64 {
    let hash = secrets::keyed_hash(security.secret_key.expose_secret(), "auth.login.stand-in", &name.to_lowercase());
    hash.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes))
}

/// Stores the login. None if the user's password or rights were changed while the password was being verified.
async fn welcome(
    db: &Database,
    door: &'static Door,
    hasher: &Hasher,
    user: User,
    attempt: LoginAttempt,
    password: &str,
) -> Result<Option<User>> {
    let form = db.read(hashers::PasswordEncoding::of).await?;
    let outdated = form.is_outdated(&user.password);
    let fresh = if outdated { Some(hasher.encode(form, password.to_owned()).await?) } else { None };
    let now = clock::now();
    db.write_unseen(move |conn| {
        let current = queries::find(conn, user.id)?;
        if current.password != user.password || !door.admits(&current) {
            return Ok(None);
        }
        throttle::succeed(conn, &attempt)?;
        queries::set_last_login(conn, user.id, now)?;
        if let Some(fresh) = fresh {
            queries::set_password(conn, user.id, &fresh)?;
        }
        Ok(Some(queries::find(conn, user.id)?))
    })
    .await
}

fn page(ambient: &Ambient, form: &LoginForm, error: Option<String>, posted: bool) -> crate::web::Page<LoginPage> {
    let door = Door::of(ambient);
    let unauthorised = ambient.viewer().filter(|viewer| !door.admits_viewer(viewer));
    let unauthorised = unauthorised.map(|viewer| viewer.username.clone());
    let fields = form.fields(ambient, posted);
    let contents = LoginContents { door, fields, next: form.next.clone(), error, unauthorised };
    crate::web::Page::new(if door.is_admin { LoginPage::Admin { contents } } else { LoginPage::Site { contents } })
}
