//! The project's first page: what is installed here.

pub mod urls;
mod views;

pub const LOCALE: crate::web::pages::i18n::Locale = crate::web::pages::i18n::Locale {
    prefix: "home-",
    en: include_str!("locale/en.ftl"),
    ko: include_str!("locale/ko.ftl"),
};
