//! What the pages of bookmarks take from a request.

use actix_web::HttpRequest;

use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::bookmark::admin::BookmarkAdmin;
use crate::bookmark::search;
use crate::bookmark::shown::{ShownBookmarks, Sort};
use crate::web::{Ambient, Result};

/// A parameter of the query string; the last of its name, empty if there is none.
pub fn parameter(request: &HttpRequest, name: &str) -> String {
    let parameters = form_urlencoded::parse(request.query_string().as_bytes());
    parameters.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// Whether the viewer has a permission for bookmarks. Only what is shown to a viewer with a session depends on it, which
/// no cache keeps.
///
/// # Errors
/// `Internal` outside the app.
pub fn may(request: &HttpRequest, permission: Permission) -> Result<bool> {
    let viewer = Ambient::required(request)?.viewer();
    Ok(viewer.is_some_and(|viewer| viewer.can(&BookmarkAdmin::META.permission(permission))))
}

/// The search text of a request, and the bookmarks that it asks for.
///
/// # Errors
/// `Internal` outside the app.
pub fn asked(request: &HttpRequest) -> Result<(String, ShownBookmarks)> {
    let text: String = parameter(request, "q").trim().chars().take(search::LONGEST_SEARCH).collect();
    let sort = match parameter(request, "sort").as_str() {
        "oldest" => Sort::Oldest,
        "title" => Sort::Title,
        _ => Sort::Newest,
    };
    let with_private = may(request, Permission::View)?;
    let shown = ShownBookmarks { search: search::parse(&text), sort, with_private, ..ShownBookmarks::default() };
    Ok((text, shown))
}
