//! The bookmark app: links worth keeping.

pub mod models;
pub mod queries;
pub mod urls;
pub mod views;

pub const LOCALE: crate::web::i18n::Locale =
    crate::web::i18n::Locale { en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") };
