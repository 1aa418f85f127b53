//! Who people are and what they may do: users, groups and permissions, login, passwords.

pub mod admin;
mod forms;
pub mod hashers;
pub mod middleware;
pub mod models;
pub mod passwords;
pub mod paths;
pub mod permissions;
pub mod queries;
mod refusals;
mod renewal;
pub mod setup;
mod throttle;
pub mod urls;
pub mod validators;
mod views;

pub const LOCALE: crate::web::pages::i18n::Locale = crate::web::pages::i18n::Locale {
    prefix: "auth-",
    en: include_str!("locale/en.ftl"),
    ko: include_str!("locale/ko.ftl"),
};
