//! What the tests are made with. A test module needs one line: `use crate::support::*;`.

mod app;
mod builders;
mod client;
pub mod database;
mod people;
mod process;
mod registry;
mod response;
pub mod run;
pub mod servers;
mod setup;

pub use app::{Finished, TestApp};
pub use builders::Poll;
pub use client::{Address, Visitor};
pub use database::Engine;
pub use people::{PASSWORD, Person};
pub use process::{eventually, signal};
pub use registry::{Need, Test, on_every_database, on_sqlite};
pub use response::{Html, Response};
pub use setup::{HOST, Setup};
