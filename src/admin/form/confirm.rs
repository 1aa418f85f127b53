//! Asks members of staff for their own password before they change users, groups or tokens, so that a stolen session is not
//! enough to do that. The page keeps what was posted in hidden fields; after the right password the browser posts it again.

use actix_web::http::StatusCode;
use askama::Template;
use chrono::{DateTime, TimeDelta};

use super::session_lost::without_secrets;
use crate::admin::pages::request::{AdminRequest, ModelRequest};
use crate::clock;
use crate::web::http::forms::Form;
use crate::web::pages::filters;
use crate::web::{Ambient, Page, Session};

/// The field of the password.
pub const FIELD: &str = "confirm_password";

/// The value of a session that says when the password was entered last, in seconds since 1970.
const ENTERED_AT: &str = "password_at";

#[derive(Template)]
#[template(path = "admin/confirm_password.html")]
pub struct ConfirmPassword {
    typed: Vec<(String, String)>,
    /// Whether passwords were typed. They are not written into the page and must be typed again.
    has_secrets: bool,
    /// The address that was posted to.
    next: String,
    error: Option<String>,
}

/// Notes that the password was entered now.
pub fn note(session: &Session) {
    session.insert(ENTERED_AT, &clock::now().and_utc().timestamp());
}

/// The page that asks for the password; None if the model does not ask, or the password was entered lately.
pub fn question(request: &ModelRequest, form: &Form) -> Option<Page<ConfirmPassword>> {
    if request.model.asks_for_password() { question_to(&request.admin, form) } else { None }
}

/// The page that asks for the password; None if it was entered lately.
pub fn question_to(request: &AdminRequest, form: &Form) -> Option<Page<ConfirmPassword>> {
    (!is_recent(&request.ambient)).then(|| page(form, request.ambient.target.clone(), None))
}

/// Whether the password was entered less than `password_again_after` ago.
pub fn is_recent(ambient: &Ambient) -> bool {
    let entered = ambient.session.get(ENTERED_AT).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let again_after = TimeDelta::from_std(ambient.site.session.password_again_after).unwrap_or_default();
    entered.is_some_and(|entered| (TimeDelta::zero()..again_after).contains(&(clock::now() - entered.naive_utc())))
}

/// The page that asks for the password before `form` is posted to the address `next`. Its status is 403.
pub fn page(form: &Form, next: String, error: Option<String>) -> Page<ConfirmPassword> {
    let (typed, has_secrets) = without_secrets(form.iter().filter(|(name, _)| *name != FIELD));
    Page::new(ConfirmPassword { typed, has_secrets, next, error }).with_status(StatusCode::FORBIDDEN)
}
