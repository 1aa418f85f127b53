//! Tags for programs.

use actix_web::web::{Data, Json};
use actix_web::{HttpRequest, HttpResponse};

use super::documents::{TagDocument, TagInput};
use super::rights::{demand, sees_private};
use super::writer::ApiWriter;
use crate::admin::registry::descriptors::Permission;
use crate::bookmark::{paths, queries, tagging, tags};
use crate::db::Database;
use crate::text::fold;
use crate::web::api::{ApiList, ApiParameters, ApiUser, ApiWindow, JsonBody, Problems};
use crate::web::pages::long_read::read_in_turn;
use crate::web::{Error, Id, Result};

/// The most bookmarks of which a tag is removed at once: they are changed in one transaction, and votes wait for it.
const MOST_CHANGED: usize = 500;

/// All tags by their names; users who may not view bookmarks in the admin get those of public bookmarks only.
///
/// # Errors
/// `Invalid` for parameters that cannot be read; or the database's error.
#[utoipa::path(
    get,
    path = paths::API_TAGS,
    tag = "tags",
    operation_id = "list_tags",
    security(("token" = [])),
    params(
        ("limit" = Option<i64>, Query, minimum = 1, description = "How many at most; 100 if it is left out, 1000 if it is more"),
        ("offset" = Option<i64>, Query, minimum = 0, description = "How many to leave out before them"),
    ),
    responses((status = 200, body = ApiList<TagDocument>), Problems)
)]
pub async fn list(request: HttpRequest, user: ApiUser, db: Data<Database>) -> Result<Json<ApiList<TagDocument>>> {
    let mut parameters = ApiParameters::of(&request, &user.ambient);
    let asked = ApiWindow::read(&mut parameters, &user.ambient, paths::API_TAGS);
    parameters.finish()?;
    let (with_private, window) = (sees_private(&user.viewer), asked.window());
    let (count, rows) = read_in_turn(&db, &user.ambient, move |conn| {
        Ok((tagging::count(conn, with_private)?, tagging::list(conn, with_private, window)?))
    })
    .await?;
    Ok(Json(asked.part(count, rows.into_iter().map(TagDocument::of).collect())))
}

/// Makes a tag, or finds the one that has the name already, as linkding does.
///
/// # Errors
/// `PermissionDenied` without the permission to add bookmarks; `Invalid` for a name that no tag can have.
#[utoipa::path(
    post,
    path = paths::API_TAGS,
    tag = "tags",
    operation_id = "create_tag",
    security(("token" = [])),
    request_body = TagInput,
    responses((status = 201, body = TagDocument), Problems)
)]
pub async fn create(user: ApiUser, db: Data<Database>, body: JsonBody<TagInput>) -> Result<HttpResponse> {
    demand(&user, Permission::Add)?;
    let wrong = |text: String| Error::Invalid(vec![("name".to_owned(), text)]);
    let Some(name) = tags::clean(body.members.name.as_deref().unwrap_or_default()) else {
        return Err(wrong(user.ambient.text("api-error-required")));
    };
    if tags::is_too_long(&name) {
        return Err(wrong(tags::too_long().text(&user.ambient)));
    }
    let tag = ApiWriter::of(&user)
        .write(&db, move |conn, _| {
            queries::take_turn(conn)?;
            let id = tagging::tag(conn, &fold(&name), &name)?;
            tagging::find(conn, id, true)
        })
        .await?;
    Ok(HttpResponse::Created().json(TagDocument::of(tag)))
}

/// A tag.
///
/// # Errors
/// `NotFound` if there is no such tag, or the user may see no bookmark that has it.
#[utoipa::path(
    get,
    path = paths::API_TAG,
    tag = "tags",
    operation_id = "read_tag",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 200, body = TagDocument), Problems)
)]
pub async fn read(user: ApiUser, db: Data<Database>, id: Id) -> Result<Json<TagDocument>> {
    let with_private = sees_private(&user.viewer);
    let tag = db.read(move |conn| tagging::find(conn, id.0, with_private)).await?;
    Ok(Json(TagDocument::of(tag)))
}

/// Removes a tag from all bookmarks, each with an entry in its history, and then the tag itself.
///
/// # Errors
/// `PermissionDenied` without the permissions to change and to view bookmarks; `NotFound` if there is no such tag;
/// `Conflict` if more than 500 bookmarks have it: then the admin's action does it, in parts.
#[utoipa::path(
    delete,
    path = paths::API_TAG,
    tag = "tags",
    operation_id = "delete_tag",
    security(("token" = [])),
    params(("id" = i64, Path, minimum = 1)),
    responses((status = 204), Problems)
)]
pub async fn delete(user: ApiUser, db: Data<Database>, Id(id): Id) -> Result<HttpResponse> {
    demand(&user, Permission::Change)?;
    demand(&user, Permission::View)?;
    let was_deleted = ApiWriter::of(&user)
        .write(&db, move |conn, writer| {
            queries::take_turn(conn)?;
            let (_, name, _) = tagging::find(conn, id, true)?;
            let bookmarks = tagging::bookmarks_with(conn, id)?;
            if bookmarks.len() > MOST_CHANGED {
                return Ok(false);
            }
            let folded = fold(&name);
            for bookmark in bookmarks {
                let had = queries::detail(conn, bookmark, true)?.tags;
                let kept: Vec<_> = had.into_iter().filter(|tag| fold(tag) != folded).collect();
                if writer.save(conn, Some(bookmark), &[("tags", tags::typed(&kept))])?.is_err() {
                    return Ok(false);
                }
            }
            tagging::delete(conn, id)?;
            Ok(true)
        })
        .await?;
    if !was_deleted {
        return Err(Error::Conflict(
            "Too many bookmarks have this tag, or one of them is not as the form allows. Remove it in the admin.",
        ));
    }
    Ok(HttpResponse::NoContent().finish())
}
