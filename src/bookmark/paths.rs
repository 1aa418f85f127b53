//! The addresses of bookmarks.

pub const INDEX: &str = "/bookmark/";
pub const DETAIL: &str = "/bookmark/{id}/";

pub fn detail(bookmark: i64) -> String {
    format!("/bookmark/{bookmark}/")
}
