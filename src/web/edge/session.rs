//! The middleware that reads the session before a handler runs and stores it afterwards.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;

use crate::clock;
use crate::db::Database;
use crate::web::context::session::{COOKIE, Write, digest, store};
use crate::web::edge::health;
use crate::web::http::cookies;
use crate::web::{Ambient, Error, Result, paths};

/// The middleware, inside [`crate::web::edge`].
///
/// # Errors
/// Only the errors of the inner service; errors of the database become answers.
pub async fn session(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let ambient = Ambient::of(request.request());
    let db = request.app_data::<Data<Database>>().cloned();
    let (Some(ambient), Some(db)) = (ambient, db) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if is_static(request.path(), &ambient) || paths::is_api(request.match_info().as_str(), &ambient.site) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let presented = cookies::value(request.headers(), &ambient.site, ambient.client.secure, COOKIE).map(str::to_owned);
    if let Some(key) = &presented
        && let Err(error) = load(&ambient, &db, key).await
    {
        return Ok(request.error_response(error));
    }
    let response = next.call(request).await?.map_into_boxed_body();
    if response.status().is_server_error() {
        return Ok(response);
    }
    match save(&ambient, &db, presented.is_some()).await {
        Ok(None) => Ok(response),
        Ok(Some(cookie)) => {
            let mut response = response;
            match response.response_mut().add_cookie(&cookie) {
                Ok(()) => Ok(response),
                Err(error) => Ok(response.error_response(Error::Internal(error.to_string().into()))),
            }
        }
        Err(error) => Ok(response.error_response(error)),
    }
}

/// Whether a path needs no session: static files and health checks are the same for everybody and requested most.
fn is_static(path: &str, ambient: &Ambient) -> bool {
    path.starts_with(&ambient.site.settings.static_url) || health::is_probe(path, &ambient.site)
}

async fn load(ambient: &Ambient, db: &Database, key: &str) -> Result<()> {
    ambient.make_private();
    let (digest, now) = (digest(key), clock::now());
    ambient.session.present(digest.clone());
    if let Some(row) = db.read(move |conn| store::find(conn, &digest, now)).await? {
        row.fill(&ambient.session);
    }
    Ok(())
}

/// Stores the session. Returns the cookie to send if the browser's is missing, out of date or no longer valid.
async fn save(ambient: &Ambient, db: &Database, presented: bool) -> Result<Option<Cookie<'static>>> {
    let settings = &ambient.site.session;
    let cookie = |value: &str| cookies::build(&ambient.site, ambient.client.secure, COOKIE, value);
    let gone = || cookie("").max_age(Duration::ZERO).finish();
    let now = clock::now();
    let Some(change) = ambient.session.write(settings, now)? else {
        return Ok((presented && !ambient.session.is_stored()).then(gone));
    };
    ambient.make_private();
    let new = match &change {
        Write::Create { key, created_at, .. } => Some((key.clone(), *created_at)),
        _ => None,
    };
    let lives = db
        .write_unseen(move |conn| -> Result<_> {
            // Each new session also deletes some that have expired, so that the table does not grow for ever.
            if matches!(change, Write::Create { .. }) {
                store::clear_some_expired(conn, now)?;
            }
            Ok(store::write(conn, &change)?)
        })
        .await?;
    Ok(match new {
        Some((key, _)) if settings.expire_at_browser_close => Some(cookie(&key).finish()),
        Some((key, created_at)) => {
            let age = i64::try_from(settings.cookie_age.as_secs()).unwrap_or(i64::MAX);
            let left = age.saturating_sub((now - created_at).num_seconds());
            Some(cookie(&key).max_age(Duration::seconds(left)).finish())
        }
        None if lives => None,
        None => Some(gone()),
    })
}
