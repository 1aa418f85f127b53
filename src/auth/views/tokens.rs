//! `/admin/tokens/`: the tokens by which programs use the API in the name of the member of staff who is logged in.

use actix_web::Either;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use chrono::{NaiveDateTime, TimeDelta};

use crate::admin::form::confirm::{self, ConfirmPassword};
use crate::admin::pages::request::{AdminFrame, AdminRequest, Crumb};
use crate::admin::registry::sentence::Sentence;
use crate::auth::paths;
use crate::auth::tokens::{self, ApiToken, LONGEST_NAME, NewToken, TokenScope};
use crate::clock;
use crate::db::Database;
use crate::text::{is_blank, nfc};
use crate::web::context::messages::Message;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Id, Page, Result, SeeOther, Submission};

/// After how many days a token may expire; 0 is never.
const DAYS: [i64; 4] = [30, 90, 365, 0];
const DEFAULT_DAYS: i64 = 365;

#[derive(Template)]
#[template(path = "registration/tokens.html")]
pub struct Tokens {
    frame: AdminFrame,
    tokens: Vec<ApiToken>,
    now: NaiveDateTime,
    /// The token that was just made. It is on this one page and nowhere else.
    made: Option<String>,
    form: TokenForm,
    /// What is wrong with the name.
    error: Option<String>,
}

struct TokenForm {
    name: String,
    scope: TokenScope,
    days: i64,
}

impl TokenForm {
    fn blank() -> Self {
        Self { name: String::new(), scope: TokenScope::default(), days: DEFAULT_DAYS }
    }

    /// What is none of the offered values counts as the one that allows less.
    fn read(form: &Form) -> Self {
        let days = form.get("days").and_then(|days| days.parse().ok());
        Self {
            name: nfc(form.get("name").unwrap_or_default().trim()),
            scope: form.get("scope").and_then(TokenScope::named).unwrap_or_default(),
            days: days.filter(|days| DAYS.contains(days)).unwrap_or(DAYS[0]),
        }
    }

    fn is_named(&self) -> bool {
        !is_blank(&self.name) && self.name.chars().count() <= LONGEST_NAME && !self.name.contains(char::is_control)
    }

    fn token(&self, user: i32) -> NewToken {
        let expires_at = (self.days > 0).then(|| clock::storable(clock::now() + TimeDelta::days(self.days)));
        NewToken { user, name: self.name.clone(), scope: self.scope, expires_at }
    }
}

/// `GET /admin/tokens/`
///
/// # Errors
/// If the database does not answer.
pub async fn tokens(request: AdminRequest, db: Data<Database>) -> Result<Page<Tokens>> {
    page(&request, &db, TokenForm::blank(), None, None).await
}

/// `POST /admin/tokens/`: makes a token, and shows it. The same form sent again makes no other one.
///
/// # Errors
/// If the database does not answer. Wrong input is not an error but a page.
pub async fn make_token(
    request: AdminRequest,
    db: Data<Database>,
    form: Form,
) -> Result<Either<SeeOther, Either<Page<Tokens>, Page<ConfirmPassword>>>> {
    if let Some(question) = confirm::question_to(&request, &form) {
        return Ok(Either::Right(Either::Right(question)));
    }
    let submission = Submission::new(&request.ambient, &form, &[]);
    let form = TokenForm::read(&form);
    if !form.is_named() {
        let error = Sentence::with_count("auth-token-error-name", LONGEST_NAME).text(&request.ambient);
        let page = page(&request, &db, form, None, Some(error)).await?;
        return Ok(Either::Right(Either::Left(page.with_status(StatusCode::BAD_REQUEST))));
    }
    let (token, secret) = (form.token(request.staff.viewer.id), tokens::new_secret()?);
    let stored = secret.clone();
    let outcome = db
        .write_unseen(move |conn| -> Result<_> {
            submission.once(conn, |_, _| Ok(true), |conn| Ok(tokens::insert(conn, &token, &stored)?))
        })
        .await?;
    let Some(id) = outcome.value else {
        let error = request.text("auth-token-too-many");
        let page = page(&request, &db, form, None, Some(error)).await?;
        return Ok(Either::Right(Either::Left(page.with_status(StatusCode::CONFLICT))));
    };
    if outcome.is_repeated {
        request.say(Message::warning(request.text("auth-token-made-before")));
        return Ok(Either::Left(SeeOther(paths::TOKENS.to_owned())));
    }
    let (request_id, user) = (&request.ambient.request_id, &request.staff.viewer.username);
    tracing::info!(target: "polls.security", request_id, user, token = id, scope = form.scope.name(), "A token was made.");
    Ok(Either::Right(Either::Left(page(&request, &db, TokenForm::blank(), Some(secret), None).await?)))
}

/// `POST /admin/tokens/{id}/revoke/`: a token of the viewer's own; to revoke it twice is no error.
///
/// # Errors
/// `NotFound` for what is no token of the viewer's; or the database's error.
pub async fn revoke_token(request: AdminRequest, db: Data<Database>, id: Id) -> Result<SeeOther> {
    let viewer = request.staff.viewer.id;
    let revoked = db
        .write_unseen(move |conn| -> Result<_> {
            let is_own = tokens::list(conn, viewer)?.iter().any(|token| token.id == id.0);
            Ok((is_own, tokens::revoke(conn, id.0, Some(viewer))?))
        })
        .await?;
    match revoked {
        (false, _) => return Err(crate::web::Error::NotFound),
        (true, false) => {}
        (true, true) => {
            let (request_id, user) = (&request.ambient.request_id, &request.staff.viewer.username);
            tracing::info!(target: "polls.security", request_id, user, token = id.0, "A token was revoked.");
        }
    }
    request.say(Message::success(request.text("auth-token-was-revoked")));
    Ok(SeeOther(paths::TOKENS.to_owned()))
}

async fn page(
    request: &AdminRequest,
    db: &Database,
    form: TokenForm,
    made: Option<String>,
    error: Option<String>,
) -> Result<Page<Tokens>> {
    let viewer = request.staff.viewer.id;
    let tokens = db.read(move |conn| tokens::list(conn, viewer)).await?;
    let title = request.text("auth-tokens");
    let frame = request.frame(title.clone(), vec![Crumb::here(title)]);
    Ok(Page::new(Tokens { frame, tokens, now: clock::now(), made, form, error }))
}
