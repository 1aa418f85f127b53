//! The work for other sites' pages that bookmarks put into the queue.

use crate::outbound::queue::Errand;

/// Fills in the title of a bookmark, and its description, where they are blank.
pub const TITLE: Errand = errand("title");
/// Finds out whether the page of a bookmark is still there.
pub const CHECK: Errand = errand("check");

const fn errand(kind: &'static str) -> Errand {
    Errand { kind, app: "bookmark", model: "bookmark" }
}
