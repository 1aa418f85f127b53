//! Whether the pages of bookmarks are still there.

mod ask;
mod checks;
mod state;

pub use ask::{LinkAnswer, ask};
pub use checks::{due, forget, new_address, note, of_bookmark, unqueued, with_checks};
pub use state::{FoundLink, LinkState};
