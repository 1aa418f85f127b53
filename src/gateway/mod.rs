//! Ways in: each turns a listener or standard input into requests for the one app.

pub mod cgi;
pub mod fastcgi;
pub mod http;
pub mod listen;
pub mod params;
pub mod response;
pub mod signals;
