//! `/accounts/sessions/`: where the viewer is logged in, and a button that ends each.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;
use chrono::{NaiveDateTime, TimeDelta};
use fluent_bundle::FluentArgs;

use super::password_change::is_own;
use crate::admin::form::confirm;
use crate::auth::door::Account;
use crate::auth::passwords::Hasher;
use crate::auth::{device, paths, queries};
use crate::clock;
use crate::db::Database;
use crate::web::context::messages::{self, Message};
use crate::web::context::session::{self, Session, SessionSummary};
use crate::web::http::forms::Form;
use crate::web::http::secrets;
use crate::web::pages::filters;
use crate::web::{Ambient, Page, Result, SeeOther};

/// The value of a session under which it keeps what its browser says of itself.
pub(super) const USER_AGENT: &str = "user_agent";

/// How many digits of a digest name a session in a form.
const NAME_LENGTH: usize = 32;

#[derive(Template)]
#[template(path = "registration/sessions.html")]
pub struct OwnSessions {
    sessions: Vec<OwnSession>,
    /// Whether who ends one has to enter the password.
    asks_for_password: bool,
    error: Option<String>,
}

struct OwnSession {
    /// Names it in the form. It is no key: nobody can use the session by it.
    name: String,
    device: String,
    is_this: bool,
    began_at: NaiveDateTime,
    last_seen_at: NaiveDateTime,
}

/// `GET /accounts/sessions/`
///
/// # Errors
/// If the database does not answer.
pub async fn sessions(
    request: HttpRequest,
    account: Account,
    session: Session,
    db: Data<Database>,
) -> Result<Page<OwnSessions>> {
    page(&*Ambient::required(&request)?, account.viewer.id, &session, &db, None).await
}

async fn page(
    ambient: &Ambient,
    id: i32,
    session: &Session,
    db: &Database,
    error: Option<String>,
) -> Result<Page<OwnSessions>> {
    let now = clock::now();
    let stored = db.read(move |conn| session::list(conn, id, now)).await?;
    let this = session.stored_digest();
    let idle = TimeDelta::from_std(ambient.site.session.idle_timeout).unwrap_or_default();
    let mut sessions: Vec<OwnSession> = stored
        .into_iter()
        .map(|stored| OwnSession {
            name: name(&stored.digest),
            device: device_of(ambient, &stored),
            is_this: this.as_ref() == Some(&stored.digest),
            began_at: stored.created_at,
            // The end is moved with use, to the idle time from then; to a twentieth of it.
            last_seen_at: (stored.expire_date - idle).max(stored.created_at).min(now),
        })
        .collect();
    sessions.sort_by_key(|session| (!session.is_this, std::cmp::Reverse(session.last_seen_at)));
    Ok(Page::new(OwnSessions { sessions, asks_for_password: !confirm::is_recent(ambient), error }))
}

/// `POST /accounts/sessions/`: ends the session that the form names, if it is one of the viewer's. If the password was
/// not entered lately, the form has to contain it: a stolen session must not log its owner out.
///
/// # Errors
/// If the database does not answer; `Unavailable` if too many passwords are being hashed. A wrong password is not an
/// error but a page.
pub async fn end_session(
    request: HttpRequest,
    account: Account,
    session: Session,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<SeeOther, Page<OwnSessions>>> {
    let (ambient, id, now) = (Ambient::required(&request)?, account.viewer.id, clock::now());
    if !confirm::is_recent(&ambient) {
        let user = db.read(move |conn| queries::find(conn, id)).await?;
        let answer = is_own(&ambient, &db, &hasher, &user, form.get("password").unwrap_or_default()).await?;
        if let Some((error, status)) = answer.refusal() {
            let page = page(&ambient, id, &session, &db, Some(ambient.text(error))).await?;
            return Ok(Either::Right(page.with_status(status)));
        }
        confirm::note(&session);
    }
    let named = form.get("session").unwrap_or_default().to_owned();
    let ended = db
        .write_unseen(move |conn| -> Result<_> {
            let own = session::list(conn, id, now)?.into_iter().find(|session| name(&session.digest) == named);
            Ok(match own {
                Some(own) => session::end(conn, &own.digest)?,
                None => false,
            })
        })
        .await?;
    if ended {
        let (request_id, user) = (&ambient.request_id, &account.viewer.username);
        tracing::info!(target: "polls.security", request_id, user, "A session was ended by its user.");
    }
    // One that is gone already was ended as well.
    messages::add(&session, Message::success(ambient.text("auth-session-ended")));
    Ok(Either::Left(SeeOther(paths::SESSIONS.to_owned())))
}

fn name(digest: &str) -> String {
    let mut name = secrets::digest(digest);
    name.truncate(NAME_LENGTH);
    name
}

fn device_of(ambient: &Ambient, session: &SessionSummary) -> String {
    let user_agent = session.data.get(USER_AGENT).and_then(|value| value.as_str()).unwrap_or_default();
    let (browser, system) = device::named(user_agent);
    let (Some(browser), Some(system)) = (browser, system) else {
        return browser.or(system).map_or_else(|| ambient.text("auth-session-unknown"), str::to_owned);
    };
    let mut args = FluentArgs::new();
    args.set("browser", browser);
    args.set("system", system);
    ambient.text_with("auth-session-device", &args)
}
