//! The language switch, as Django's `set_language`.

use actix_web::cookie::time::Duration;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};

use crate::web::http::cookies;
use crate::web::http::forms::Form;
use crate::web::http::local_path::is_local;
use crate::web::pages::i18n::{COOKIE, Language};
use crate::web::{Ambient, Error, Result};

/// `POST /i18n/setlang/`: remembers `language` in a cookie and goes back to `next`.
///
/// # Errors
/// `BadRequest` if the site does not have that language.
pub async fn set_language(request: HttpRequest, form: Form) -> Result<HttpResponse> {
    let ambient = Ambient::of(&request).ok_or_else(|| Error::Internal("the switch was used outside the app".into()))?;
    let language =
        form.get("language").and_then(|tag| Language::ALL.into_iter().find(|language| language.code() == tag));
    let language = language.ok_or(Error::BadRequest("there is no such language"))?;
    let (site, secure) = (&ambient.site, ambient.client.secure);
    let cookie = cookies::build(site, secure, COOKIE, language.code()).max_age(Duration::days(365)).finish();
    let next =
        form.get("next").filter(|next| is_local(next, &site.url("/"))).map_or_else(|| site.url("/"), str::to_owned);
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, next)).cookie(cookie).finish())
}
