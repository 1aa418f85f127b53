//! `/bookmark/add/`: leads from an address to the form that adds it, for the bookmarklet.

use actix_web::web::Data;
use actix_web::{Either, HttpRequest};
use askama::Template;

use super::request::{may, parameter};
use crate::admin::paths as admin_paths;
use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::bookmark::admin::BookmarkAdmin;
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::{address, paths, queries, tags};
use crate::db::Database;
use crate::web::http::validators::web_address;
use crate::web::pages::filters;
use crate::web::pages::long_read::read_in_turn;
use crate::web::{Ambient, Page, Result, SeeOther, Staff};

#[derive(Template)]
#[template(path = "bookmark/duplicate.html")]
pub struct DuplicateBookmark {
    row: TaggedBookmark,
    url: String,
    may_change: bool,
    /// The form that adds it all the same; None for the very same address, which can be there only once.
    add_path: Option<String>,
}

/// `GET /bookmark/add/?url=…`: leads to the admin's form with the address filled in, or shows the bookmark that has the
/// address already.
///
/// # Errors
/// `PermissionDenied` without the permission to add bookmarks; or the database's error.
pub async fn add(
    staff: Staff,
    db: Data<Database>,
    request: HttpRequest,
) -> Result<Either<SeeOther, Page<DuplicateBookmark>>> {
    staff.demand(&BookmarkAdmin::META.permission(Permission::Add))?;
    let [typed, title, description, typed_tags] =
        ["url", "title", "description", "tags"].map(|name| parameter(&request, name));
    let typed = address::tidy(&typed);
    let url = web_address(&typed);
    let title: String = title.trim().chars().take(address::LONGEST_TITLE).collect();
    let fields = paths::query(&[
        ("url", url.as_deref().unwrap_or(&typed)),
        ("title", &title),
        ("description", &description),
        ("tags", &typed_tags),
    ]);
    let add_path = format!("{}?{fields}", admin_paths::add(BookmarkAdmin::META.app, BookmarkAdmin::META.model));
    let Some(url) = url else {
        return Ok(Either::Left(SeeOther(add_path)));
    };
    let ambient = Ambient::required(&request)?;
    let (asked, with_private) = (url.clone(), may(&request, Permission::View)?);
    let known = read_in_turn(&db, &ambient, move |conn| queries::same_address(conn, &asked, with_private)).await?;
    let Some(row) = known else {
        return Ok(Either::Left(SeeOther(add_path)));
    };
    let add_path = (row.bookmark.url != url).then_some(add_path);
    Ok(Either::Right(Page::new(DuplicateBookmark {
        row,
        url,
        may_change: may(&request, Permission::Change)?,
        add_path,
    })))
}
