//! One bookmark: reading, changing, archiving and deleting it, by the rules and with the history of the admin.

use actix_web::HttpResponse;
use actix_web::web::{Data, Json};

use super::adding::duplicate;
use super::documents::{BookmarkDocument, BookmarkInput};
use super::rights::{demand, sees_private};
use super::writer::ApiWriter;
use crate::admin::registry::descriptors::Permission;
use crate::bookmark::{address, editing, paths, queries};
use crate::db::Database;
use crate::web::api::{ApiUser, JsonBody, Problems};
use crate::web::{Error, Id, Result};

/// A bookmark, archived or not.
///
/// # Errors
/// `NotFound` if there is no such bookmark or the user may not see it.
#[utoipa::path(
    get,
    path = paths::API_BOOKMARK,
    tag = "bookmarks",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, body = BookmarkDocument), Problems)
)]
pub async fn read(user: ApiUser, db: Data<Database>, id: Id) -> Result<Json<BookmarkDocument>> {
    let with_private = sees_private(&user.viewer);
    let row = db.read(move |conn| queries::detail(conn, id.0, with_private)).await?;
    Ok(Json(BookmarkDocument::of(row, &user.viewer)))
}

/// Changes a bookmark, like PATCH; only `url` has to be given.
///
/// # Errors
/// As [`change`].
#[utoipa::path(
    put,
    path = paths::API_BOOKMARK,
    tag = "bookmarks",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    request_body = BookmarkInput,
    responses((status = 200, body = BookmarkDocument), Problems)
)]
pub async fn replace(
    user: ApiUser,
    db: Data<Database>,
    id: Id,
    body: JsonBody<BookmarkInput>,
) -> Result<Json<BookmarkDocument>> {
    demand(&user, Permission::Change)?;
    if body.members.url.is_none() {
        return Err(Error::Invalid(vec![("url".to_owned(), user.ambient.text("api-error-required"))]));
    }
    change_to(&user, &db, id, &body.members).await
}

/// Changes what is given of a bookmark.
///
/// # Errors
/// `PermissionDenied` without the permission to change bookmarks; `NotFound` if there is no such bookmark or the user may
/// not see it; `Invalid` by the rules of the admin's form, and if another bookmark has the address.
#[utoipa::path(
    patch,
    path = paths::API_BOOKMARK,
    tag = "bookmarks",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    request_body = BookmarkInput,
    responses((status = 200, body = BookmarkDocument), Problems)
)]
pub async fn change(
    user: ApiUser,
    db: Data<Database>,
    id: Id,
    body: JsonBody<BookmarkInput>,
) -> Result<Json<BookmarkDocument>> {
    demand(&user, Permission::Change)?;
    change_to(&user, &db, id, &body.members).await
}

async fn change_to(
    user: &ApiUser,
    db: &Database,
    Id(id): Id,
    members: &BookmarkInput,
) -> Result<Json<BookmarkDocument>> {
    let (fields, url) = (members.fields(), members.url.as_deref().and_then(address::stored));
    let writer = ApiWriter::of(user);
    let saved = writer
        .write(db, move |conn, writer| {
            let was = queries::detail(conn, id, writer.sees_private)?;
            if let Some(url) = url.filter(|url| *url != was.bookmark.url) {
                queries::take_turn(conn)?;
                if queries::same_address(conn, &url, true)?.is_some_and(|other| other.bookmark.id != id) {
                    return Ok(Err(duplicate()));
                }
            }
            writer.save(conn, Some(id), &fields)
        })
        .await?;
    writer.document(user, "changed", saved).map(Json)
}

/// Deletes a bookmark; the admin's history keeps it for a day, in which the deletion can be undone.
///
/// # Errors
/// `PermissionDenied` without the permission to delete bookmarks; `NotFound` if there is no such bookmark or the user may
/// not see it.
#[utoipa::path(
    delete,
    path = paths::API_BOOKMARK,
    tag = "bookmarks",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 204), Problems)
)]
pub async fn delete(user: ApiUser, db: Data<Database>, Id(id): Id) -> Result<HttpResponse> {
    demand(&user, Permission::Delete)?;
    let writer = ApiWriter::of(&user);
    let label = writer
        .write(&db, move |conn, writer| {
            queries::detail(conn, id, writer.sees_private)?;
            editing::delete(conn, id, &writer.editor())
        })
        .await?;
    writer.report("deleted", id, &label);
    Ok(HttpResponse::NoContent().finish())
}

/// Archives a bookmark: it stays, and is in no public list any more.
///
/// # Errors
/// As [`change`].
#[utoipa::path(
    post,
    path = paths::API_ARCHIVE,
    tag = "bookmarks",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 204), Problems)
)]
pub async fn archive(user: ApiUser, db: Data<Database>, id: Id) -> Result<HttpResponse> {
    set_archived(&user, &db, id, true).await
}

/// Takes a bookmark out of the archive.
///
/// # Errors
/// As [`change`].
#[utoipa::path(
    post,
    path = paths::API_UNARCHIVE,
    tag = "bookmarks",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 204), Problems)
)]
pub async fn unarchive(user: ApiUser, db: Data<Database>, id: Id) -> Result<HttpResponse> {
    set_archived(&user, &db, id, false).await
}

async fn set_archived(user: &ApiUser, db: &Database, id: Id, archived: bool) -> Result<HttpResponse> {
    demand(user, Permission::Change)?;
    change_to(user, db, id, &BookmarkInput::archived(archived)).await?;
    Ok(HttpResponse::NoContent().finish())
}
