//! What every feature needs of the web: pages, forms, errors, languages, and the checks at the door.

pub mod ambient;
pub mod bodies;
pub mod body_end;
pub mod client;
pub mod connection;
pub mod cookies;
pub mod edge;
pub mod encoding;
pub mod error;
pub mod extract;
pub(crate) mod filters;
pub mod forms;
pub mod generic;
pub mod headers;
pub mod health;
pub mod host;
pub mod i18n;
pub mod list_header;
pub mod messages;
pub mod origin_check;
pub mod page;
pub mod page_cache;
pub mod pagination;
pub mod schema;
pub mod secrets;
pub mod session;
pub mod set_language;
pub mod site;
pub mod static_files;
pub mod submission;
pub mod urls;
pub mod validators;
pub mod viewer;

pub use ambient::{Ambient, Reader};
pub use error::{Error, Result};
pub use extract::Id;
pub use page::{Page, SeeOther};
pub use session::Session;
pub use site::Site;
pub use submission::Submission;
pub use viewer::{Staff, Viewer};

/// The texts of this module's own pages and of the frame around every page.
pub const LOCALE: i18n::Locale =
    i18n::Locale { prefix: "", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") };
