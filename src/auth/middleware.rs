//! The middleware that finds the user of a request, for [`crate::web::Ambient`]: by the session, or by the token of a
//! request of the API.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::LOCATION;
use actix_web::middleware::Next;
use actix_web::web::Data;
use diesel::QueryResult;
use diesel::prelude::*;

use super::door::DOORS;
use super::models::User;
use super::paths::{ACCOUNTS, SECOND_FACTOR};
use super::second_factor::store;
use super::{queries, token_login};
use crate::db::{Connection, Database};
use crate::settings::{SecondFactorRule, SecuritySettings};
use crate::web::http::secrets;
use crate::web::{Ambient, Result, Session, Site, Viewer, paths};

/// The key of the session hash, which binds a session to the user's password (Django's name).
const HASH: &str = "_auth_user_hash";

/// The middleware, inside [`crate::web::edge::session::session`].
///
/// # Errors
/// Only the errors of the inner service; errors of the database become answers.
pub async fn viewer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let ambient = Ambient::of(request.request());
    if let Some(ambient) =
        ambient.as_ref().filter(|ambient| paths::is_api(request.match_info().as_str(), &ambient.site))
    {
        return match token_login::log_in(request.request(), ambient).await {
            Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
            Err(error) => Ok(request.error_response(error)),
        };
    }
    let user = ambient.as_ref().and_then(|ambient| ambient.session.user_id());
    if let (Some(ambient), Some(user), Some(db)) = (ambient, user, request.app_data::<Data<Database>>().cloned()) {
        match identify(&ambient, &db, user).await {
            Ok(true) => {
                if let Some(answer) = enrolment(&ambient, request.path()) {
                    return Ok(request.into_response(answer));
                }
            }
            Ok(false) => {}
            Err(error) => return Ok(request.error_response(error)),
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// The way to the page of the second factor, for a user who must have one and has none yet. Elsewhere such a user is a
/// stranger. None if the request goes on.
fn enrolment(ambient: &Ambient, path: &str) -> Option<HttpResponse> {
    let path = path.strip_prefix(ambient.site.settings.mount.as_str())?;
    let is_open = DOORS.iter().any(|door| [door.logout, door.password_change].contains(&path)) || path == SECOND_FACTOR;
    if is_open {
        return None;
    }
    ambient.set_viewer(None);
    let is_closed = path.starts_with(paths::ADMIN) || path.starts_with(ACCOUNTS);
    let location = ambient.site.url(SECOND_FACTOR);
    is_closed.then(|| HttpResponse::SeeOther().insert_header((LOCATION, location)).finish())
}

/// Whether the site asks such a user for a second factor.
pub fn must_have_second_factor(security: &SecuritySettings, is_staff: bool) -> bool {
    match security.second_factor {
        SecondFactorRule::Optional => false,
        SecondFactorRule::Staff => is_staff,
        SecondFactorRule::All => true,
    }
}

/// Sets the viewer of the request. A session ends here if its user was deleted, is inactive, or has another password
/// now. Returns whether the viewer must have a second factor and has none.
async fn identify(ambient: &Ambient, db: &Database, user: i32) -> Result<bool> {
    let (session, site) = (&ambient.session, Arc::clone(&ambient.site));
    match db.read(move |conn| load(conn, user, &site.security)).await? {
        Some((user, viewer, lacks_factor)) if is_of(session, &ambient.site, &user) => {
            ambient.set_viewer(Some(viewer));
            return Ok(lacks_factor);
        }
        Some((user, ..)) => {
            tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, "A session ended: the password was changed.");
            session.flush();
        }
        None => {
            tracing::info!(target: "polls.security", request_id = ambient.request_id, user_id = user, "A session ended: its user is gone or inactive.");
            session.flush();
        }
    }
    Ok(false)
}

/// An active user, and whether a second factor is lacking.
fn load(conn: &mut Connection, user: i32, security: &SecuritySettings) -> QueryResult<Option<(User, Viewer, bool)>> {
    let Some(user) = queries::find(conn, user).optional()?.filter(|user| user.is_active) else {
        return Ok(None);
    };
    let viewer = queries::viewer_of(conn, &user)?;
    let lacks_factor = must_have_second_factor(security, user.is_staff) && !store::is_on(conn, user.id)?;
    Ok(Some((user, viewer, lacks_factor)))
}

/// Whether a session is of the user's present password, under one of the site's keys.
fn is_of(session: &Session, site: &Site, user: &User) -> bool {
    let hash: Option<String> = session.get(HASH);
    hash.is_some_and(|hash| site.security.keys().any(|key| hash == session_hash(key, user)))
}

/// Logs a user in and gives the session a new key.
pub fn log_in(session: &Session, site: &Site, user: &User) {
    session.log_in(user.id);
    session.insert(HASH, &session_hash(site.security.keys().next().unwrap_or_default(), user));
}

/// A hash that changes with the password and the key.
fn session_hash(key: &str, user: &User) -> String {
    secrets::hex(&secrets::keyed_hash(key, "auth.session", &user.password))
}
