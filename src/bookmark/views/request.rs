//! What the pages of bookmarks take from a request.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;
use diesel::QueryResult;

use crate::admin::registry::descriptors::Permission;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::bookmark::admin::BookmarkAdmin;
use crate::bookmark::queries::{ShownBookmarks, Sort};
use crate::bookmark::search;
use crate::db::{Connection, Database, DatabaseError};
use crate::web::{Ambient, Error, Result};

/// The user number under which all readers share one turn for searches. No user has this number.
const READERS: i32 = 0;
/// The longest search text in characters; the rest is cut.
const LONGEST_SEARCH: usize = 1000;

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
    let text: String = parameter(request, "q").trim().chars().take(LONGEST_SEARCH).collect();
    let sort = match parameter(request, "sort").as_str() {
        "oldest" => Sort::Oldest,
        "title" => Sort::Title,
        _ => Sort::Newest,
    };
    let shown = ShownBookmarks { search: search::parse(&text), sort, with_private: may(request, Permission::View)? };
    Ok((text, shown))
}

/// Reads what may take long, one such read at a time for each user, and one for all readers.
///
/// # Errors
/// `Unavailable` if another read of the same reader does not end; or the database's error.
pub async fn read_in_turn<T, F>(db: &Database, request: &HttpRequest, query: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
{
    let reader = Ambient::required(request)?.viewer().map_or(READERS, |viewer| viewer.id);
    db.read_in_turn(reader, query).await.map_err(|error| match error {
        DatabaseError::OneAtATime => Error::Unavailable("searches are read one at a time".into()),
        error => error.into(),
    })
}

/// The site's address without a path, as the visitor's browser writes it: `https://example.com`.
///
/// # Errors
/// `Internal` outside the app.
pub fn origin(request: &HttpRequest) -> Result<String> {
    let secure = Ambient::required(request)?.client.secure;
    let header = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = request.uri().authority().map(actix_web::http::uri::Authority::as_str).or(header).unwrap_or("localhost");
    Ok(format!("{}://{}", if secure { "https" } else { "http" }, host.to_ascii_lowercase()))
}
