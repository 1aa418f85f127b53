//! The list of bookmarks, and the page of one.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::request::{asked, may};
use crate::admin::registry::descriptors::Permission;
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::shown::Sort;
use crate::bookmark::{paths, queries, tags};
use crate::db::{Connection, Database};
use crate::web::pages::filters;
use crate::web::pages::long_read::read_in_turn;
use crate::web::pages::pagination::{PageQuery, Paginated};
use crate::web::{Ambient, Id, Page, Result};

const PER_PAGE: i64 = 10;

/// The values of `?sort=` with their message ids.
const SORTS: [(&str, &str, Sort); 3] = [
    ("", "bookmark-sort-newest", Sort::Newest),
    ("oldest", "bookmark-sort-oldest", Sort::Oldest),
    ("title", "bookmark-sort-title", Sort::Title),
];

#[derive(Template)]
#[template(path = "bookmark/bookmark_list.html")]
pub struct BookmarkList {
    page: Paginated<TaggedBookmark>,
    /// The search text; empty if nothing is searched.
    search: String,
    sort: Sort,
    /// A link that adds the page on which it is clicked; for viewers who may add bookmarks.
    bookmarklet: Option<String>,
}

impl BookmarkList {
    /// The orders: message id, query string, and whether it is this list's.
    fn sorts(&self) -> impl Iterator<Item = (&'static str, String, bool)> {
        let link = |(value, title, sort)| {
            let query = paths::query(&[("q", &self.search), ("sort", value)]);
            (title, format!("?{query}"), sort == self.sort)
        };
        SORTS.into_iter().map(link)
    }

    fn sort_value(&self) -> &'static str {
        SORTS.iter().find(|(_, _, sort)| *sort == self.sort).map_or("", |(value, _, _)| value)
    }
}

/// `GET /bookmark/`: all bookmarks, or those that `?q=` finds.
///
/// # Errors
/// `NotFound` if there is no such page; `Unavailable` if the database does not answer or another search is being read.
pub async fn list(db: Data<Database>, request: HttpRequest) -> Result<Page<BookmarkList>> {
    let ambient = Ambient::required(&request)?;
    let (search, shown) = asked(&request)?;
    let asked = PageQuery::read(request.query_string(), PER_PAGE)?;
    let asked = if shown.sort == Sort::Newest { asked } else { asked.counted() };
    let is_long = asked.is_deep() || shown.search.is_some() || shown.sort == Sort::Title;
    let (sort, window) = (shown.sort, asked.window());
    let query = move |conn: &mut Connection| queries::list(conn, &shown, window);
    let objects = if is_long { read_in_turn(&db, &ambient, query).await? } else { db.read(query).await? };
    let page = Paginated::new(objects, asked, |row| row.bookmark.id)?;
    let bookmarklet = may(&request, Permission::Add)?.then(|| bookmarklet(&ambient));
    let mut list = BookmarkList { page, search, sort, bookmarklet };
    let kept = paths::query(&[("q", &list.search), ("sort", list.sort_value())]);
    if !kept.is_empty() {
        list.page = list.page.keeping(format!("{kept}&"));
    }
    Ok(Page::new(list))
}

fn bookmarklet(ambient: &Ambient) -> String {
    let (origin, add) = (ambient.origin(), ambient.site.url(paths::ADD));
    format!(
        "javascript:location.href='{origin}{add}?url='+encodeURIComponent(location.href)+'&title='+encodeURIComponent(document.title)",
    )
}

#[derive(Template)]
#[template(path = "bookmark/bookmark_detail.html")]
pub struct BookmarkDetail {
    row: TaggedBookmark,
    may_change: bool,
}

/// `GET /bookmark/{id}/`.
///
/// # Errors
/// `NotFound` if there is no such bookmark or the viewer may not see it; or the database's error.
pub async fn detail(db: Data<Database>, request: HttpRequest, id: Id) -> Result<Page<BookmarkDetail>> {
    let with_private = may(&request, Permission::View)?;
    let row = db.read(move |conn| queries::detail(conn, id.0, with_private)).await?;
    let may_change = may(&request, Permission::Change)?;
    Ok(Page::new(BookmarkDetail { row, may_change }))
}
