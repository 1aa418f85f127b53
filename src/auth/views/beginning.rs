//! What a login with one factor and one with two have in common: what waits for the second, and how a session begins.

use actix_web::http::header::{LOCATION, USER_AGENT};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, NaiveDateTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::sessions;
use crate::admin::form::confirm;
use crate::auth::door::Door;
use crate::auth::models::User;
use crate::auth::{device, middleware, renewal};
use crate::clock;
use crate::web::http::local_path::is_local;
use crate::web::{Ambient, Session};

/// The value of a session that waits for the second factor.
pub(super) const PENDING: &str = "second_factor";

/// How long it waits.
const WAIT: TimeDelta = TimeDelta::minutes(10);

/// A login whose password was right. It allows nothing but to show a code.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PendingLogin {
    pub user: i32,
    /// A hash of the encoded password: with another one, the login begins anew.
    pub password: String,
    pub next: String,
    /// Seconds since 1970.
    since: i64,
}

impl PendingLogin {
    pub fn of(user: &User, next: String) -> Self {
        Self { user: user.id, password: renewal::fingerprint(user), next, since: clock::now().and_utc().timestamp() }
    }

    fn is_over(&self, now: NaiveDateTime) -> bool {
        DateTime::from_timestamp(self.since, 0).is_none_or(|since| now - since.naive_utc() > WAIT)
    }

    /// The login that a session waits with.
    pub fn in_session(session: &Session) -> Option<Self> {
        session.get(PENDING).filter(|pending: &Self| !pending.is_over(clock::now()))
    }
}

/// Begins the session of a user, and notes the browser.
pub(super) fn welcome_in(request: &HttpRequest, session: &Session, ambient: &Ambient, user: &User) {
    middleware::log_in(session, &ambient.site, user);
    let user_agent = request.headers().get(USER_AGENT).map_or(&[][..], |value| value.as_bytes());
    confirm::note(session);
    session.insert(sessions::USER_AGENT, &device::kept(user_agent));
}

/// Where to go after a login: to the address that the form names, if it is one of this site.
pub(super) fn destination(ambient: &Ambient, door: &Door, next: String) -> String {
    if is_local(&next, &ambient.site.url("/")) { next } else { ambient.site.url(door.home) }
}

pub(super) fn go_to(location: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, location)).finish()
}
