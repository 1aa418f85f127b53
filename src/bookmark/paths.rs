//! The addresses of bookmarks.

pub const INDEX: &str = "/bookmark/";
pub const TAGS: &str = "/bookmark/tags/";
pub const FEED: &str = "/bookmark/feed/";
pub const ADD: &str = "/bookmark/add/";
pub const DETAIL: &str = "/bookmark/{id}/";

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

/// The copies of a page in the web archive.
pub fn archive(url: &str) -> String {
    format!("https://web.archive.org/web/*/{url}")
}
