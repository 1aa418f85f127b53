//! The bookmark app: links worth keeping.

pub mod admin;
mod models;
mod queries;
pub mod urls;
mod views;

pub const LOCALE: crate::web::pages::i18n::Locale = crate::web::pages::i18n::Locale {
    prefix: "bookmark-",
    en: include_str!("locale/en.ftl"),
    ko: include_str!("locale/ko.ftl"),
};
