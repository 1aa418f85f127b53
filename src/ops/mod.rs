//! The work of the administrator's commands. `cli` only parses arguments and prints.

pub mod apache_config;
pub mod backup;
pub mod checks;
pub mod fixtures;
pub mod flush;
pub mod import_django;
pub mod purge;
pub mod setup;
