//! `polls`: a home page, polls and bookmarks, served behind Apache httpd by HTTP, FastCGI or CGI over
//! SQLite, PostgreSQL or MySQL/MariaDB.
//!
//! The rooms, from the top down; each imports only from those below it (`tests/it/architecture/mod.rs`).

pub mod app;
pub mod cli;
pub mod gateway;
pub mod sample;

pub mod ops;

pub mod bookmark;
pub mod home;
pub mod polls;
pub mod queue;

pub mod auth;

pub mod admin;

pub mod web;

pub mod outbound;

pub mod clock;
pub mod db;
pub mod logging;
pub mod metrics;
pub mod seeded_bugs;
pub mod settings;
pub mod text;
