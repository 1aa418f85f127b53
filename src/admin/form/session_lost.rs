//! A form that somebody sent who is not logged in any more: a session ends while a long form is open. What was
//! typed comes back to be sent again, where Django's login page would forget it.

use actix_web::http::StatusCode;
use askama::Template;

use crate::web::Page;
use crate::web::http::forms::Form;
use crate::web::pages::filters;

/// The page that says so. It repeats only what came from this very site: a forged post is refused at the door.
#[derive(Template)]
#[template(path = "admin/session_lost.html")]
pub struct SessionLost {
    typed: Vec<(String, String)>,
    /// Whether there were passwords, which are not written into a page.
    has_secrets: bool,
}

pub fn page(form: &Form) -> Page<SessionLost> {
    let is_secret = |name: &str| name.contains("password") && name != "usable_password";
    let typed: Vec<_> = form.iter().filter(|(name, _)| !is_secret(name)).collect();
    let has_secrets = form.iter().any(|(name, value)| is_secret(name) && !value.is_empty());
    let typed = typed.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Page::new(SessionLost { typed, has_secrets }).with_status(StatusCode::FORBIDDEN)
}
