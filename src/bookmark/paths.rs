//! The addresses of bookmarks.

use chrono::NaiveDateTime;

pub const INDEX: &str = "/bookmark/";
pub const TAGS: &str = "/bookmark/tags/";
pub const FEED: &str = "/bookmark/feed/";
pub const ADD: &str = "/bookmark/add/";
pub const DETAIL: &str = "/bookmark/{id}/";

/// The addresses of the API, as linkding has them.
pub const API_BOOKMARKS: &str = "/api/bookmarks/";
pub const API_ARCHIVED: &str = "/api/bookmarks/archived/";
pub const API_CHECK: &str = "/api/bookmarks/check/";
pub const API_BOOKMARK: &str = "/api/bookmarks/{id}/";
pub const API_ARCHIVE: &str = "/api/bookmarks/{id}/archive/";
pub const API_UNARCHIVE: &str = "/api/bookmarks/{id}/unarchive/";
pub const API_TAGS: &str = "/api/tags/";
pub const API_TAG: &str = "/api/tags/{id}/";
pub const API_PROFILE: &str = "/api/user/profile/";
/// What clients of linkding ask for its version.
pub const HEALTH: &str = "/health";

pub fn detail(bookmark: i64) -> String {
    format!("/bookmark/{bookmark}/")
}

/// The list of what a search finds.
pub fn search(text: &str) -> String {
    format!("{INDEX}?{}", query(&[("q", text)]))
}

/// The feed of what a search finds, or of all bookmarks if it is empty.
pub fn feed(text: &str) -> String {
    if text.is_empty() { FEED.to_owned() } else { format!("{FEED}?{}", query(&[("q", text)])) }
}

/// A query string of these parameters without those that are empty.
pub fn query(parameters: &[(&str, &str)]) -> String {
    let given = parameters.iter().filter(|(_, value)| !value.is_empty());
    form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
}

/// The copy of a page in the web archive that is nearest to a time.
pub fn archived_at(url: &str, time: NaiveDateTime) -> String {
    format!("https://web.archive.org/web/{}/{url}", time.format("%Y%m%d%H%M%S"))
}

/// The copies of a page in the web archive.
pub fn archive(url: &str) -> String {
    format!("https://web.archive.org/web/*/{url}")
}
