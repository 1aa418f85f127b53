//! When hosts may be asked again. One is asked by one worker at a time, with a pause after each question.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;

use super::schema::outbound_host;
use super::web_url::web_url;
use crate::clock;
use crate::db::{self, Connection};

/// The longest name of a host with its port that is told from others.
const LONGEST_HOST: usize = 255;
/// How long a host is remembered after it may be asked again.
const REMEMBERED: TimeDelta = TimeDelta::hours(2);

/// The host of an address, with its port if that is not the usual one; empty if it is no address of the web.
pub fn host(url: &str) -> String {
    let Ok(url) = web_url(url) else { return String::new() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = format!("{}{port}", url.host_str().unwrap_or_default());
    // Its letters are of ASCII; what else browsers accept in a name stays out of SQL.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_:[]".contains(c);
    host.chars().map(|c| if is_plain(c) { c.to_ascii_lowercase() } else { '_' }).take(LONGEST_HOST).collect()
}

/// Claims a host until a time. False if it may not be asked now. To be called in a transaction; `host` is one of
/// [`host`].
pub fn claim(conn: &mut Connection, host: &str, now: NaiveDateTime, until: NaiveDateTime) -> QueryResult<bool> {
    let or_lock = db::or_lock(conn, "outbound_host", "host");
    diesel::sql_query(format!(
        "INSERT INTO outbound_host (host, next_at) VALUES ('{host}', '2000-01-01 00:00:00') {or_lock}"
    ))
    .execute(conn)?;
    let free = outbound_host::table.find(host).filter(outbound_host::next_at.le(now));
    Ok(diesel::update(free).set(outbound_host::next_at.eq(until)).execute(conn)? > 0)
}

/// Lets a claimed host be asked again at that time.
pub fn release(conn: &mut Connection, host: &str, next_at: NaiveDateTime) -> QueryResult<()> {
    diesel::update(outbound_host::table.find(host)).set(outbound_host::next_at.eq(next_at)).execute(conn).map(|_| ())
}

/// When a host may be asked; None if it may be asked now.
pub fn busy_until(conn: &mut Connection, host: &str) -> QueryResult<Option<NaiveDateTime>> {
    let busy = outbound_host::table.find(host).filter(outbound_host::next_at.gt(clock::now()));
    busy.select(outbound_host::next_at).first(conn).optional()
}

/// Forgets hosts that could have been asked for long.
pub fn forget(conn: &mut Connection) -> QueryResult<()> {
    let long_ago = clock::storable(clock::now() - REMEMBERED);
    diesel::delete(outbound_host::table.filter(outbound_host::next_at.lt(long_ago))).execute(conn).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_by_its_name_and_port() {
        for (url, name) in [
            ("https://Example.com/a", "example.com"),
            ("http://example.com:443/", "example.com:443"),
            ("https://example.com:443/", "example.com"),
            ("https://ada:secret@example.com./", "example.com."),
            ("http://한국.example/", "xn--3e0b707e.example"),
            ("http://[::1]:8000/", "[::1]:8000"),
            ("http://it's.example/", "it_s.example"),
            ("mailto:ada@example.com", ""),
            ("", ""),
        ] {
            assert_eq!(host(url), name, "{url}");
        }
    }
}
