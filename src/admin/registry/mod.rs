//! The registered models and their descriptions.

pub mod descriptors;
pub mod feature;
pub mod field;
pub mod model_admin;
pub mod panels;
pub mod registered;
pub mod registration;
pub mod sentence;
pub mod site;
pub mod table;
