//! HTTP itself: headers, cookies, bodies, forms, and the error type.

pub mod bodies;
pub mod body_end;
pub mod connection;
pub mod cookies;
pub mod encoding;
pub mod error;
pub mod forms;
pub mod headers;
pub mod host;
pub mod list_header;
pub mod local_path;
pub mod origin_check;
pub mod receive;
pub mod secrets;
pub mod validators;
