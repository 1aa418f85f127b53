//! `/accounts/second_factor/`: the viewer's own second factor. Each change of it asks for the password.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;

use super::password_change::is_own;
use crate::auth::door::Account;
use crate::auth::forms::{self, Field};
use crate::auth::models::User;
use crate::auth::passwords::Hasher;
use crate::auth::second_factor::{self, store, totp};
use crate::auth::{middleware, queries};
use crate::clock;
use crate::db::Database;
use crate::settings::SecuritySettings;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::pages::qr::QrPicture;
use crate::web::{Ambient, Error, Page, Result};

#[derive(Template)]
#[template(path = "registration/second_factor.html")]
pub struct OwnSecondFactor {
    state: FactorState,
    fields: Vec<Field>,
    error: Option<String>,
    /// Whether the site asks this user for a second factor.
    is_required: bool,
    /// Codes on paper that were just made. They are on this one page and nowhere else.
    made: Vec<String>,
}

enum FactorState {
    Off,
    /// A secret is made, and no code was shown yet.
    Begun {
        svg: String,
        spelled: String,
    },
    On {
        since: NaiveDateTime,
        codes_left: i64,
    },
}

/// `GET /accounts/second_factor/`
///
/// # Errors
/// If the database does not answer.
pub async fn second_factor(
    request: HttpRequest,
    account: Account,
    db: Data<Database>,
) -> Result<Page<OwnSecondFactor>> {
    let (ambient, id) = (Ambient::required(&request)?, account.viewer.id);
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    page(&ambient, &db, &user, None, Vec::new()).await
}

/// `POST /accounts/second_factor/`: begins it, confirms it, makes new codes on paper, or switches it off, as the button
/// says.
///
/// # Errors
/// If the database does not answer. A wrong password or code is not an error but a page.
pub async fn change_second_factor(
    request: HttpRequest,
    account: Account,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Page<OwnSecondFactor>> {
    let (ambient, id) = (Ambient::required(&request)?, account.viewer.id);
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let action = form.get("action").unwrap_or_default();
    let refused = async |error: &str, status| {
        Ok(page(&ambient, &db, &user, Some(ambient.text(error)), Vec::new()).await?.with_status(status))
    };
    if action == "confirm" {
        let code = form.get("code").unwrap_or_default().to_owned();
        let Some(made) = confirm(&db, &ambient.site.security, id, code).await? else {
            return refused("auth-code-wrong", StatusCode::BAD_REQUEST).await;
        };
        tell(&ambient, &user, "A second factor was switched on.");
        return page(&ambient, &db, &user, None, made).await;
    }
    let answer = is_own(&ambient, &db, &hasher, &user, form.get("password").unwrap_or_default()).await?;
    if let Some((error, status)) = answer.refusal() {
        return refused(error, status).await;
    }
    let mut made = Vec::new();
    match action {
        "begin" => {
            let salt = second_factor::fresh_salt()?;
            db.write_unseen(move |conn| -> Result<_> { Ok(store::begin(conn, id, &salt, clock::now())?) }).await?;
        }
        "codes" => {
            made = second_factor::fresh_recovery_codes()?;
            let digests = digests(&ambient.site.security, &made);
            let is_on = db
                .write_unseen(move |conn| -> Result<_> {
                    let is_on = store::is_on(conn, id)?;
                    if is_on {
                        store::replace_codes(conn, id, &digests)?;
                    }
                    Ok(is_on)
                })
                .await?;
            if !is_on {
                made.clear();
            }
            tell(&ambient, &user, "New codes on paper were made for a second factor.");
        }
        "off" => {
            db.write_unseen(move |conn| -> Result<_> { Ok(store::remove(conn, id)?) }).await?;
            tell(&ambient, &user, "A second factor was switched off.");
        }
        _ => return Err(Error::BadRequest("no such button")),
    }
    page(&ambient, &db, &user, None, made).await
}

/// Switches the second factor on, if the code is one of the secret that was begun, and returns its codes on paper.
async fn confirm(db: &Database, security: &SecuritySettings, id: i32, code: String) -> Result<Option<Vec<String>>> {
    let made = second_factor::fresh_recovery_codes()?;
    let (digests, security) = (digests(security, &made), security.clone());
    let is_confirmed = db
        .write_unseen(move |conn| -> Result<_> {
            let (factor, now) = (store::find(conn, id)?, clock::now());
            let step = |salt: &str| second_factor::step_of(&security, salt, &code, now.and_utc().timestamp());
            let Some(step) = factor.and_then(|factor| step(&factor.salt)) else { return Ok(false) };
            let is_confirmed = store::confirm(conn, id, step, now)?;
            if is_confirmed {
                store::replace_codes(conn, id, &digests)?;
            }
            Ok(is_confirmed)
        })
        .await?;
    Ok(is_confirmed.then_some(made))
}

/// The hashes of codes on paper by the site's present key.
fn digests(security: &SecuritySettings, codes: &[String]) -> Vec<String> {
    codes.iter().filter_map(|code| second_factor::recovery_digests(security, code).into_iter().next()).collect()
}

fn tell(ambient: &Ambient, user: &User, what: &str) {
    tracing::info!(target: "polls.security", request_id = ambient.request_id, user = user.username, "{what}");
}

async fn page(
    ambient: &Ambient,
    db: &Database,
    user: &User,
    error: Option<String>,
    made: Vec<String>,
) -> Result<Page<OwnSecondFactor>> {
    let id = user.id;
    let (factor, codes_left) = db.read(move |conn| Ok((store::find(conn, id)?, store::codes_left(conn, id)?))).await?;
    let password = || vec![Field::password("password", "auth-password", "current-password")];
    let (state, fields) = match factor {
        None => (FactorState::Off, password()),
        Some(factor) => match factor.confirmed_at {
            Some(since) => (FactorState::On { since, codes_left }, password()),
            None => (begun(ambient, user, &factor.salt), vec![Field::code(&["auth-code-of-app"])]),
        },
    };
    let is_required = middleware::must_have_second_factor(&ambient.site.security, user.is_staff);
    Ok(Page::new(OwnSecondFactor { state, fields, error, is_required, made }))
}

fn begun(ambient: &Ambient, user: &User, salt: &str) -> FactorState {
    let secret = second_factor::secret(&ambient.site.security, salt);
    let uri = totp::uri(&ambient.text("site-name"), &user.username, &secret);
    // An address is never too long for a QR code; without one, the secret can be typed.
    let svg = QrPicture::of(&uri).map(|picture| picture.svg()).unwrap_or_default();
    FactorState::Begun { svg, spelled: totp::spelled(&secret) }
}
