//! What commands for the administrator do, beyond parsing and printing.

pub mod apache_config;
pub mod backup;
pub mod checks;
