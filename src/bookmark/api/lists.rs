//! The lists of bookmarks.

use actix_web::HttpRequest;
use actix_web::web::{Data, Json};

use super::documents::BookmarkDocument;
use super::rights::sees_private;
use crate::bookmark::search::{self, LONGEST_SEARCH};
use crate::bookmark::shown::{Archived, ShownBookmarks};
use crate::bookmark::{paths, queries};
use crate::db::Database;
use crate::web::api::{ApiList, ApiParameters, ApiUser, ApiWindow, Problems};
use crate::web::pages::long_read::read_in_turn;
use crate::web::{Error, Result};

/// The bookmarks that are not archived, newest first.
///
/// # Errors
/// `Invalid` for parameters that cannot be read; `TooSlow` or another error of the database.
#[utoipa::path(
    get,
    path = paths::API_BOOKMARKS,
    tag = "bookmarks",
    security(("token" = [])),
    params(
        ("q" = Option<String>, Query, description = "Words, \"phrases\", #tag, -word, or, parentheses"),
        ("added_since" = Option<String>, Query, format = DateTime, description = "Only those added after this time"),
        ("modified_since" = Option<String>, Query, format = DateTime, description = "Only those added or changed after this time"),
        ("limit" = Option<i64>, Query, minimum = 1, description = "How many at most; 100 if it is left out, 1000 if it is more"),
        ("offset" = Option<i64>, Query, minimum = 0, description = "How many to leave out before them"),
    ),
    responses((status = 200, body = ApiList<BookmarkDocument>), Problems)
)]
pub async fn list(request: HttpRequest, user: ApiUser, db: Data<Database>) -> Result<Json<ApiList<BookmarkDocument>>> {
    part(&request, &user, &db, paths::API_BOOKMARKS, Archived::Hidden).await
}

/// The bookmarks that are archived, newest first.
///
/// # Errors
/// As [`list`].
#[utoipa::path(
    get,
    path = paths::API_ARCHIVED,
    tag = "bookmarks",
    security(("token" = [])),
    params(
        ("q" = Option<String>, Query, description = "Words, \"phrases\", #tag, -word, or, parentheses"),
        ("added_since" = Option<String>, Query, format = DateTime, description = "Only those added after this time"),
        ("modified_since" = Option<String>, Query, format = DateTime, description = "Only those added or changed after this time"),
        ("limit" = Option<i64>, Query, minimum = 1, description = "How many at most; 100 if it is left out, 1000 if it is more"),
        ("offset" = Option<i64>, Query, minimum = 0, description = "How many to leave out before them"),
    ),
    responses((status = 200, body = ApiList<BookmarkDocument>), Problems)
)]
pub async fn archived(
    request: HttpRequest,
    user: ApiUser,
    db: Data<Database>,
) -> Result<Json<ApiList<BookmarkDocument>>> {
    part(&request, &user, &db, paths::API_ARCHIVED, Archived::Only).await
}

async fn part(
    request: &HttpRequest,
    user: &ApiUser,
    db: &Database,
    path: &str,
    archived: Archived,
) -> Result<Json<ApiList<BookmarkDocument>>> {
    let mut parameters = ApiParameters::of(request, &user.ambient);
    let asked = ApiWindow::read(&mut parameters, &user.ambient, path);
    let text: String = parameters.text("q").unwrap_or_default().chars().take(LONGEST_SEARCH).collect();
    let shown = ShownBookmarks {
        search: search::parse(&text),
        with_private: sees_private(&user.viewer),
        archived,
        added_since: parameters.time("added_since"),
        modified_since: parameters.time("modified_since"),
        ..ShownBookmarks::default()
    };
    parameters.finish()?;
    let window = asked.window();
    let (count, rows) = read_in_turn(db, &user.ambient, move |conn| {
        Ok((queries::count(conn, &shown)?, queries::list(conn, &shown, window)?))
    })
    .await?;
    let results = rows.into_iter().flatten().map(|row| BookmarkDocument::of(row, &user.viewer)).collect();
    Ok::<_, Error>(Json(asked.part(count, results)))
}
