//! The generic admin: lists, forms, deletions, history and undo for every registered model, after Django's.
//!
//! A feature registers a model with one file of descriptors ([`model::ModelAdmin`]); nothing here knows
//! which models there are, and the templates know only the kinds of fields.

pub mod actions;
pub mod change_form;
pub mod change_list;
pub mod changes;
pub mod delete;
pub mod erased;
pub mod error_page;
pub mod export;
pub mod field;
pub mod form;
pub mod history;
pub mod index;
pub mod inline;
pub mod log;
pub mod log_message;
pub mod model;
pub mod panels;
pub mod problems;
pub mod progress;
pub mod query;
pub mod registered;
pub mod related;
pub mod request;
pub mod schema;
pub mod sentence;
pub mod session_lost;
pub mod site;
pub mod snapshot;
pub mod task;
pub mod theme;
pub mod undo;
pub mod undo_button;
pub mod undo_view;
pub mod urls;

pub use site::Site;

pub const LOCALE: crate::web::i18n::Locale =
    crate::web::i18n::Locale { prefix: "admin-", en: include_str!("locale/en.ftl"), ko: include_str!("locale/ko.ftl") };
