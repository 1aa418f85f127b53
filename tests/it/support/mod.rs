//! What the tests are made with. A test module needs one line: `use crate::support::*;`.

pub mod app;
mod builders;
pub mod chromium;
mod client;
pub mod content;
pub mod database;
mod django;
pub mod durations;
pub mod failures;
pub mod fastcgi;
mod people;
mod process;
mod random;
mod registry;
mod response;
pub mod run;
pub mod servers;
mod setup;

pub use app::TestApp;
pub use builders::Poll;
pub use client::{Address, Request, Stream, Visitor};
pub use database::Engine;
pub use people::{PASSWORD, Person};
pub use process::{PATIENCE, Stopwatch, descendants, ended, eventually, signal, signal_id, tied};
pub use random::Random;
pub use registry::{Need, Test, on_every_database, on_mariadb, on_postgres, on_servers, on_sqlite};
pub use response::{Html, Response};
pub use setup::{HOST, Setup};
