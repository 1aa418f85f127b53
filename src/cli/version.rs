//! What `polls --version` says: from what this program was built.

use std::sync::LazyLock;

/// The version with the commit, as far as it was known when the program was built.
pub fn short() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| match option_env!("POLLS_COMMIT") {
        Some(commit) => format!("{} (commit {commit})", env!("CARGO_PKG_VERSION")),
        None => env!("CARGO_PKG_VERSION").to_owned(),
    });
    &VERSION
}

/// The same with the databases that are built in, and the version of SQLite.
pub fn long() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let built_in = [("sqlite", true), ("postgres", cfg!(feature = "postgres")), ("mysql", cfg!(feature = "mysql"))];
        let built_in: Vec<_> = built_in.into_iter().filter(|(_, is_in)| *is_in).map(|(name, _)| name).collect();
        let sqlite = libsqlite3_sys::SQLITE_VERSION.to_string_lossy();
        format!("{}\ndatabases: {}\nSQLite {sqlite}", short(), built_in.join(", "))
    });
    &VERSION
}
