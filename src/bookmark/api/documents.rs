//! What the API reads and writes, member by member as linkding 1.46 has it.

use chrono::NaiveDateTime;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rights::sees_private;
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::{address, paths, tags};
use crate::web::Viewer;
use crate::web::api::body::given;

/// A bookmark.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookmarkDocument {
    id: i64,
    url: String,
    title: String,
    description: String,
    /// Empty for users who may not view bookmarks in the admin.
    notes: String,
    /// The copy in the web archive that is nearest to the time at which it was added.
    web_archive_snapshot_url: String,
    /// Always null: this site keeps no pictures of other sites.
    #[schema(required)]
    favicon_url: Option<String>,
    #[schema(required)]
    preview_image_url: Option<String>,
    is_archived: bool,
    unread: bool,
    /// Whether everybody sees it.
    shared: bool,
    tag_names: Vec<String>,
    /// 1970 if it is unknown.
    #[schema(format = DateTime)]
    date_added: String,
    #[schema(format = DateTime)]
    date_modified: String,
    /// Always null, as in linkding since 1.38.
    #[schema(required)]
    website_title: Option<String>,
    #[schema(required)]
    website_description: Option<String>,
}

impl BookmarkDocument {
    /// A bookmark as a viewer may see it.
    pub fn of(row: TaggedBookmark, viewer: &Viewer) -> Self {
        let TaggedBookmark { bookmark, tags: tag_names, .. } = row;
        let added = bookmark.added_at.unwrap_or_default();
        Self {
            id: bookmark.id,
            web_archive_snapshot_url: bookmark.link().map(|url| paths::archived_at(url, added)).unwrap_or_default(),
            date_added: time(added),
            date_modified: time(bookmark.last_change()),
            url: bookmark.url,
            title: bookmark.title.unwrap_or_default(),
            description: bookmark.description,
            notes: if sees_private(viewer) { bookmark.notes } else { String::new() },
            favicon_url: None,
            preview_image_url: None,
            is_archived: bookmark.is_archived,
            unread: bookmark.unread,
            shared: !bookmark.is_private,
            tag_names,
            website_title: None,
            website_description: None,
        }
    }
}

/// What a client says of a bookmark. What it leaves out stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct BookmarkInput {
    /// At most 200 characters.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false, example = "https://example.com/")]
    pub url: Option<String>,
    /// At most 100 characters.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    title: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    description: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    notes: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    is_archived: Option<bool>,
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    unread: Option<bool>,
    /// Whether everybody sees it; a new bookmark is shared only if this says so.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    pub shared: Option<bool>,
    /// At most 50, each of at most 64 characters. A space within one becomes a hyphen.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false)]
    tag_names: Option<Vec<String>>,
}

impl BookmarkInput {
    /// Nothing but whether it is archived.
    pub fn archived(is_archived: bool) -> Self {
        Self { is_archived: Some(is_archived), ..Self::default() }
    }

    /// The fields of the admin that are given, with their texts as one would type them.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let flag = |yes: bool| if yes { "on".to_owned() } else { String::new() };
        let given = [
            ("url", self.url.as_deref().map(address::tidy)),
            ("title", self.title.clone()),
            ("description", self.description.clone()),
            ("notes", self.notes.clone()),
            ("is_archived", self.is_archived.map(flag)),
            ("unread", self.unread.map(flag)),
            ("is_private", self.shared.map(|shared| flag(!shared))),
            ("tags", self.tag_names.as_deref().map(typed)),
        ];
        given.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
    }
}

/// Names of tags as one would type them. A name that has a comma within becomes two.
fn typed(names: &[String]) -> String {
    let names = names.iter().flat_map(|name| tags::parse(&format!("{name},")));
    tags::typed(&tags::unique(names))
}

/// The name of a member for the name of its field in the admin.
pub fn member(field: &'static str) -> &'static str {
    match field {
        "tags" => "tag_names",
        "is_private" => "shared",
        field => field,
    }
}

/// What is known of an address.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckDocument {
    /// The bookmark that has the address, in whatever spelling; null if there is none.
    #[schema(required)]
    pub bookmark: Option<BookmarkDocument>,
    pub metadata: CheckedPage,
    /// Always empty.
    pub auto_tags: Vec<String>,
}

/// What linkding finds on the page. This site asks no other site while it answers, so everything but the address is null.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckedPage {
    pub url: String,
    #[schema(required)]
    pub title: Option<String>,
    #[schema(required)]
    pub description: Option<String>,
    #[schema(required)]
    pub preview_image: Option<String>,
}

/// A tag.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagDocument {
    id: i64,
    name: String,
    /// 1970 if it is unknown.
    #[schema(format = DateTime)]
    date_added: String,
}

impl TagDocument {
    pub fn of((id, name, added_at): (i64, String, Option<NaiveDateTime>)) -> Self {
        Self { id, name, date_added: time(added_at.unwrap_or_default()) }
    }
}

/// A tag to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct TagInput {
    /// At most 64 characters. A space within it becomes a hyphen.
    #[serde(deserialize_with = "given")]
    #[schema(nullable = false, required, example = "rust")]
    pub name: Option<String>,
}

/// A time as linkding writes it: RFC 3339, in UTC, to the microsecond.
fn time(utc: NaiveDateTime) -> String {
    utc.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tags_are_typed_so_that_each_stays_one() {
        let typed = |names: &[&str]| typed(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(typed(&["machine learning"]), "machine-learning,");
        assert_eq!(typed(&["a", "A", "#b", " "]), "a,b,");
        assert_eq!(typed(&["서울、부산"]), "서울,부산,");
        assert_eq!(typed(&[]), "");
        assert_eq!(tags::parse(&typed(&["one two", "three"])), ["one-two", "three"]);
    }
}
