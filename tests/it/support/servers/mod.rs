//! Throw-away servers: started when the first test asks, ended with the run.

pub mod apache;
pub mod certificate;
pub mod chromedriver;
mod door;
pub mod far_site;
mod killable;
mod logged;
pub mod mail_server;
pub mod mariadb;
pub mod nginx;
pub mod patroni;
pub mod pgbouncer;
pub mod postgres;
pub mod prometheus;
mod site;
mod slow_line;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::RunQueryDsl as _;
use polls::db::Connection;

use super::database::{open, try_open};
use super::process::eventually;

pub use door::Door;
pub use killable::{Killable, kill};
pub use logged::Logged;
pub use site::{Daemon, Front, Site, Way};
pub use slow_line::slow_line;

/// A program by its name, on the path or in one of the directories that packages hide theirs in.
fn program(name: &str, elsewhere: &[PathBuf]) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let directories = std::env::split_paths(&path).chain(elsewhere.iter().cloned()).chain(["/usr/sbin".into()]);
    let found = directories.map(|directory| directory.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed; tests/run installs it"))
}

/// A name that no other database of this run has.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed))
}

fn execute(url: &str, sql: &str) {
    diesel::sql_query(sql).execute(&mut open(url)).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A connection to the server itself, next to one of its databases, where nothing of the program's is set.
pub fn administrator(url: &str) -> Connection {
    let base = url.rfind('/').map_or(url, |at| &url[..=at]);
    let name = if url.starts_with("postgres") { "postgres" } else { "mysql" };
    open(&format!("{base}{name}"))
}

/// Waits until a server takes connections.
fn wait_for(url: &str) {
    let mut last = String::new();
    eventually(&format!("a connection to {url}"), || match try_open(url) {
        Ok(_) => Some(()),
        Err(error) if error.contains("built without") => panic!("{error}"),
        Err(error) => {
            last = error;
            None
        }
    });
}
