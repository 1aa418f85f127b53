//! Ways in: each turns a listener or standard input into requests for the one app.

pub mod http;
pub mod listen;
pub mod signals;
