//! The page of all tags.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::request::may;
use crate::admin::registry::descriptors::Permission;
use crate::bookmark::shown::ShownBookmarks;
use crate::bookmark::{paths, tagging, tags as names};
use crate::db::Database;
use crate::text::fold;
use crate::web::pages::filters;
use crate::web::pages::long_read::read_in_turn;
use crate::web::{Ambient, Page, Result};

/// How many tags the page shows; the most used ones.
const SHOWN_TAGS: i64 = 300;

#[derive(Template)]
#[template(path = "bookmark/tag_cloud.html")]
pub struct TagCloud {
    tags: Vec<CloudTag>,
}

pub struct CloudTag {
    name: String,
    count: i64,
    /// How large it is shown, from 1 to 4.
    size: u32,
}

/// `GET /bookmark/tags/`: the tags of the bookmarks that the viewer may see, by name.
///
/// # Errors
/// `Unavailable` if the database does not answer.
pub async fn tag_cloud(db: Data<Database>, request: HttpRequest) -> Result<Page<TagCloud>> {
    let ambient = Ambient::required(&request)?;
    let shown = ShownBookmarks { with_private: may(&request, Permission::View)?, ..ShownBookmarks::default() };
    let used = read_in_turn(&db, &ambient, move |conn| tagging::most_used(conn, &shown, SHOWN_TAGS)).await?;
    let most = used.first().map_or(1, |(_, _, count)| *count);
    let mut tags: Vec<_> =
        used.into_iter().map(|(_, name, count)| CloudTag { name, count, size: size(count, most) }).collect();
    tags.sort_by_key(|tag| fold(&tag.name));
    Ok(Page::new(TagCloud { tags }))
}

/// By the logarithm, since a few tags are used far more often than the others.
fn size(count: i64, most: i64) -> u32 {
    let (count, most) = (count.max(1).ilog2(), most.max(1).ilog2());
    1 + (3 * count).checked_div(most).unwrap_or(0)
}
