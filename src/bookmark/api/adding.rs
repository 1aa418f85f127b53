//! Adding a bookmark by its address, and looking whether it is there already.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};

use super::documents::{BookmarkDocument, BookmarkInput, CheckDocument, CheckedPage};
use super::rights::{demand, may, sees_private};
use super::writer::ApiWriter;
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::field::{FieldError, FieldErrors};
use crate::bookmark::errands::TITLE;
use crate::bookmark::{address, paths, queries};
use crate::db::Database;
use crate::outbound::queue;
use crate::web::Result;
use crate::web::api::{ApiParameters, ApiUser, JsonBody, Problems};
use crate::web::pages::long_read::read_in_turn;

/// Adds a bookmark. If there is one with the address, in whatever spelling, it is changed instead, as in linkding.
///
/// If no title is given, the page is asked for one later.
///
/// # Errors
/// `PermissionDenied` without the permission to add bookmarks, or to change one that is there; `Invalid` by the rules of
/// the admin's form.
#[utoipa::path(
    post,
    path = paths::API_BOOKMARKS,
    tag = "bookmarks",
    security(("token" = [])),
    params(("disable_scraping" = Option<String>, Query, description = "If it is given, the page is not asked for a title")),
    request_body = BookmarkInput,
    responses((status = 201, body = BookmarkDocument), Problems)
)]
pub async fn create(
    request: HttpRequest,
    user: ApiUser,
    db: Data<Database>,
    body: JsonBody<BookmarkInput>,
) -> Result<HttpResponse> {
    demand(&user, Permission::Add)?;
    let may_change = may(&user.viewer, Permission::Change);
    let no_fetch = ApiParameters::of(&request, &user.ambient).text("disable_scraping").is_some();
    let mut fields = body.members.fields();
    let url = body.members.url.as_deref().and_then(address::stored);
    let writer = ApiWriter::of(&user);
    let saved = writer
        .write(&db, move |conn, writer| {
            queries::take_turn(conn)?;
            let known = match &url {
                Some(url) => queries::same_address(conn, url, true)?,
                None => None,
            };
            let Some(known) = known else {
                if body.members.shared.is_none() {
                    fields.push(("is_private", "on".to_owned()));
                }
                // The form needs an address, so it says that there is none.
                if body.members.url.is_none() {
                    fields.push(("url", String::new()));
                }
                let added = writer.save(conn, None, &fields)?;
                if let (Ok(row), true) = (&added, no_fetch) {
                    queue::cancel(conn, TITLE, row.bookmark.id)?;
                }
                return Ok(added);
            };
            if !may_change || (known.bookmark.is_private && !writer.sees_private) {
                return Ok(Err(duplicate()));
            }
            // It keeps the spelling that it has.
            fields.retain(|(name, _)| *name != "url");
            writer.save(conn, Some(known.bookmark.id), &fields)
        })
        .await?;
    let document = writer.document(&user, "saved", saved)?;
    Ok(HttpResponse::Created().json(document))
}

pub fn duplicate() -> FieldErrors {
    vec![("url", FieldError::new("bookmark-error-duplicate"))]
}

/// Whether an address is bookmarked already.
///
/// # Errors
/// `Invalid` without an address; or the database's error.
#[utoipa::path(
    get,
    path = paths::API_CHECK,
    tag = "bookmarks",
    security(("token" = [])),
    params(("url" = String, Query, min_length = 1, description = "The address")),
    responses((status = 200, body = CheckDocument), Problems)
)]
pub async fn check(request: HttpRequest, user: ApiUser, db: Data<Database>) -> Result<Json<CheckDocument>> {
    let mut parameters = ApiParameters::of(&request, &user.ambient);
    let url = parameters.required_text("url");
    parameters.finish()?;
    let with_private = sees_private(&user.viewer);
    let known = match address::stored(&url) {
        Some(url) => {
            read_in_turn(&db, &user.ambient, move |conn| queries::same_address(conn, &url, with_private)).await?
        }
        None => None,
    };
    let bookmark = known.map(|row| BookmarkDocument::of(row, &user.viewer));
    let metadata = CheckedPage { url, title: None, description: None, preview_image: None };
    Ok(Json(CheckDocument { bookmark, metadata, auto_tags: Vec::new() }))
}
