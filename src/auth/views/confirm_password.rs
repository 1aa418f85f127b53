//! `/admin/confirm_password/?next=…`: the own password, before a change of users or groups goes on.

use actix_web::HttpResponse;
use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{Either, HttpRequest};

use super::password_change::is_own;
use crate::admin::form::confirm::{self, ConfirmPassword};
use crate::admin::pages::request::AdminRequest;
use crate::auth::passwords::Hasher;
use crate::auth::{paths, queries};
use crate::db::Database;
use crate::web::http::forms::Form;
use crate::web::http::local_path::is_local;
use crate::web::{Error, Page, Result};

/// `GET`: an address that was kept from such a page; the change has to be made anew.
///
/// # Errors
/// If the viewer is not staff.
pub async fn no_password(request: AdminRequest) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, request.ambient.site.url(paths::INDEX))).finish()
}

/// `POST`: if the password is right, the browser sends the same form on to `next`, as status 307 says.
///
/// # Errors
/// `BadRequest` if `next` is not a page of the admin; `Unavailable` if too many passwords are being hashed. A wrong
/// password is not an error but a page.
pub async fn confirm_password(
    request: AdminRequest,
    http: HttpRequest,
    db: Data<Database>,
    hasher: Data<Hasher>,
    form: Form,
) -> Result<Either<HttpResponse, Page<ConfirmPassword>>> {
    let ambient = &request.ambient;
    let query = form_urlencoded::parse(http.query_string().as_bytes());
    let next = query.filter(|(name, _)| name == "next").last().map(|(_, next)| next.into_owned()).unwrap_or_default();
    if !is_local(&next, &ambient.site.url(paths::INDEX)) || next.contains("/..") {
        return Err(Error::BadRequest("the address to go on to is none of the admin's"));
    }
    let id = request.staff.viewer.id;
    let user = db.read(move |conn| queries::find(conn, id)).await?;
    let answer = is_own(ambient, &db, &hasher, &user, form.get(confirm::FIELD).unwrap_or_default()).await?;
    if let Some((error, status)) = answer.refusal() {
        let page = confirm::page(&form, next, Some(ambient.text(error)));
        return Ok(Either::Right(page.with_status(status)));
    }
    confirm::note(&ambient.session);
    Ok(Either::Left(HttpResponse::TemporaryRedirect().insert_header((LOCATION, next)).finish()))
}
