//! The polls app: questions with choices, and the votes for them.

pub mod admin;
pub mod ballot_box;
pub mod idempotency_key;
mod models;
mod page_view;
mod queries;
pub mod recount;
mod shares;
pub mod urls;
mod views;

pub const LOCALE: crate::web::pages::i18n::Locale = crate::web::pages::i18n::Locale {
    prefix: "polls-",
    en: include_str!("locale/en.ftl"),
    ko: include_str!("locale/ko.ftl"),
};
