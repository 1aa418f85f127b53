//! What every feature needs of the web: pages, forms, errors, languages, and the checks at the door.

pub mod context;
pub mod edge;
pub mod http;
pub mod pages;
pub mod paths;
pub mod schema;

pub use context::ambient::{Ambient, Reader};
pub use context::extract::Id;
pub use context::session::Session;
pub use context::site::Site;
pub use context::staff::Staff;
pub use context::viewer::Viewer;
pub use http::error::{Error, Result};
pub use pages::page::{Page, SeeOther};
pub use pages::submission::Submission;

/// The texts of this module's own pages and of the frame around every page.
pub const LOCALE: pages::i18n::Locale =
    pages::i18n::Locale { prefix: "", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") };
