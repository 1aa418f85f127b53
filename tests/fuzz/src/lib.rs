//! What is fuzzed, a function for each target: bytes in, a panic if a promise is broken. `tests/it/fuzzing.rs`
//! runs the same functions over the corpus.

pub mod cgi;
pub mod fastcgi;
pub mod forms;
mod site;

pub use cgi::{cgi_environment, cookies};
pub use fastcgi::{fastcgi_params, fastcgi_records};
pub use forms::form_bodies;
