//! The generic admin: lists, forms, deletions, history and undo for every registered model, after Django's.
//!
//! A feature registers a model with one file of descriptors ([`registry::model_admin::ModelAdmin`]); nothing here knows
//! which models there are, and the templates know only the kinds of fields.

pub mod changes;
pub mod form;
pub mod list;
pub mod pages;
pub mod paths;
pub mod registry;
pub mod urls;

pub use registry::site::Site;

pub const LOCALE: crate::web::pages::i18n::Locale = crate::web::pages::i18n::Locale {
    prefix: "admin-",
    en: include_str!("locale/en.ftl"),
    ko: include_str!("locale/ko.ftl"),
};
