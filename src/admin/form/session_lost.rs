//! The answer to a form whose sender's session has ended, as happens while a long form is open. It contains what was
//! typed, so that it can be sent again after logging in; Django's redirect to the login page loses it.

use actix_web::http::StatusCode;
use askama::Template;

use crate::web::Page;
use crate::web::http::forms::Form;
use crate::web::pages::filters;

/// The page with the typed values. It cannot show values from another site: a post with a foreign origin is refused
/// before it comes here.
#[derive(Template)]
#[template(path = "admin/session_lost.html")]
pub struct SessionLost {
    typed: Vec<(String, String)>,
    /// Whether passwords were typed. They are not written into the page and must be typed again.
    has_secrets: bool,
}

pub fn page(form: &Form) -> Page<SessionLost> {
    let (typed, has_secrets) = without_secrets(form.iter());
    Page::new(SessionLost { typed, has_secrets }).with_status(StatusCode::FORBIDDEN)
}

/// The fields that may be written into a page, and whether there were others: passwords that were typed.
pub(super) fn without_secrets<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> (Vec<(String, String)>, bool) {
    let is_secret = |name: &str| name.contains("password") && name != "usable_password";
    let (secret, typed): (Vec<_>, Vec<_>) = fields.partition(|(name, _)| is_secret(name));
    let typed = typed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (typed, secret.iter().any(|(_, value)| !value.is_empty()))
}
