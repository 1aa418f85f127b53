//! A model's list: filters, search, order, actions, export.

pub mod actions;
pub mod change_list;
pub mod export;
pub mod query;
