//! Which models there are, and how each is described.

pub mod erased;
pub mod feature;
pub mod field;
pub mod model;
pub mod panels;
pub mod registered;
pub mod sentence;
pub mod site;
