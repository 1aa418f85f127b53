//! The form of an object, its inlines, and the options of its relations.

pub mod admin_form;
pub mod arrange;
pub mod build;
pub mod change_form;
pub mod confirm;
pub mod inline;
pub mod order;
pub mod paste;
pub mod problems;
pub mod related;
pub mod session_lost;
pub mod withdrawal;
