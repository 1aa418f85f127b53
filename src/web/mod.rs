//! HTTP for all features: pages, forms, errors, languages, and the checks that each request passes before a handler
//! runs.

pub mod api;
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
pub use pages::page::{Page, SeeOther, SharedDocument};
pub use pages::submission::Submission;

/// The texts of this module's own pages and of the layout around every page.
pub const LOCALE: pages::i18n::Locale =
    pages::i18n::Locale { prefix: "", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") };
