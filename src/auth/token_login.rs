//! Finds the user of a request of the API by its token.

use std::rc::Rc;

use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest};

use super::queries::viewer_of;
use super::tokens::{self, ApiToken, TokenScope};
use crate::clock;
use crate::db::Database;
use crate::web::api::TokenLogin;
use crate::web::http::error::TokenRefusal;
use crate::web::{Ambient, Result, Viewer};

/// The longest token that is looked for; ours have 49 characters.
const LONGEST: usize = 200;

/// Notes in the request's extensions what its token is worth, and sets the viewer of the request.
///
/// # Errors
/// If the database does not answer.
pub async fn log_in(request: &HttpRequest, ambient: &Ambient) -> Result<()> {
    let Some(db) = request.app_data::<Data<Database>>().cloned() else { return Ok(()) };
    let login = match secret(request) {
        Ok(secret) => find(&db, ambient, secret).await?,
        Err(refusal) => TokenLogin::Refused(refusal),
    };
    match &login {
        TokenLogin::Granted { viewer, .. } => ambient.set_viewer(Some((**viewer).clone())),
        TokenLogin::Refused(TokenRefusal::Missing) => {}
        TokenLogin::Refused(refusal) => {
            tracing::warn!(target: "polls.security", request_id = ambient.request_id, ?refusal, "Refused a token.");
        }
    }
    request.extensions_mut().insert(login);
    Ok(())
}

/// The token in `Authorization: Token …` or `Bearer …`, as linkding takes it.
fn secret(request: &HttpRequest) -> std::result::Result<String, TokenRefusal> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let value = values.next().ok_or(TokenRefusal::Missing)?;
    let value = value.to_str().ok().filter(|_| values.next().is_none()).ok_or(TokenRefusal::Unknown)?;
    let (scheme, secret) = value.trim().split_once(' ').ok_or(TokenRefusal::Unknown)?;
    if !["token", "bearer"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(TokenRefusal::Missing);
    }
    let secret = secret.trim();
    let is_plain = (1..=LONGEST).contains(&secret.len()) && secret.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain.then(|| secret.to_owned()).ok_or(TokenRefusal::Unknown)
}

async fn find(db: &Database, ambient: &Ambient, secret: String) -> Result<TokenLogin> {
    let known = db
        .read(move |conn| {
            let Some((token, user)) = tokens::by_secret(conn, &secret)? else { return Ok(None) };
            let is_active = user.is_active;
            Ok(Some((token, viewer_of(conn, &user)?, is_active)))
        })
        .await?;
    let Some((token, viewer, is_active)) = known else {
        return Ok(TokenLogin::Refused(TokenRefusal::Unknown));
    };
    let now = clock::now();
    if token.revoked_at.is_some() {
        return Ok(TokenLogin::Refused(TokenRefusal::Revoked));
    }
    if token.has_expired(now) {
        return Ok(TokenLogin::Refused(TokenRefusal::Expired));
    }
    if !is_active {
        return Ok(TokenLogin::Refused(TokenRefusal::Inactive));
    }
    if let Some(hour) = tokens::hour_to_note(&token, now) {
        note_use(db, ambient, &token, hour).await;
    }
    Ok(granted(viewer, &token))
}

fn granted(viewer: Viewer, token: &ApiToken) -> TokenLogin {
    let may_write = TokenScope::named(&token.scope) == Some(TokenScope::Write);
    TokenLogin::Granted { viewer: Rc::new(viewer), may_write }
}

/// A database that can only be read must not keep tokens from reading.
async fn note_use(db: &Database, ambient: &Ambient, token: &ApiToken, hour: chrono::NaiveDateTime) {
    let id = token.id;
    if let Err(error) = db.write_unseen(move |conn| -> Result<_> { Ok(tokens::note_use(conn, id, hour)?) }).await {
        let request_id = &ambient.request_id;
        tracing::warn!(target: "polls.db", request_id, %error, "The use of a token could not be noted.");
    }
}
