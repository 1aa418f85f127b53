//! Limits on guessing passwords, in the database, where every process sees them.
//!
//! An attempt is written down as a failure before the password is looked at, so that many at once cannot
//! slip through; a success strikes it out.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use secrecy::ExposeSecret as _;

use super::middleware::keyed_hash;
use crate::clock;
use crate::db::schema::auth_login_failure as failures;
use crate::db::{self, Connection, Database};
use crate::settings::Security;
use crate::web::{Result, secrets};

/// How long a failure counts.
const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// Failures that an account may have from one address.
const PER_PAIR: i64 = 10;
/// Failures that an address may have with all accounts.
const PER_ADDRESS: i64 = 60;
/// Failures of an account from anywhere, after which its logins are slowed. Never locked: anybody can fail.
const PER_ACCOUNT: i64 = 20;
const SLOWED: Duration = Duration::from_secs(2);

/// Who tries, as hashes: the table tells nobody which names and addresses there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    account: String,
    address: String,
}

/// An attempt that was let through.
#[derive(Debug)]
pub struct Attempt {
    source: Source,
    /// How long the answer has to wait.
    pub delay: Duration,
}

/// The answer to an attempt.
#[derive(Debug)]
pub enum Verdict {
    Allowed(Attempt),
    /// Not before so many seconds.
    Refused(u32),
}

impl Source {
    /// An account, known or not, and where the client is.
    pub fn new(security: &Security, account: &str, address: Option<IpAddr>) -> Self {
        let hash = |purpose, text: &str| secrets::hex(&keyed_hash(security.secret_key.expose_secret(), purpose, text));
        Self {
            account: hash("throttle.account", &account.to_lowercase()),
            address: hash("throttle.address", &address.map(network).unwrap_or_default()),
        }
    }
}

/// The address, or of an IPv6 address the network that one customer has.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}

/// Asks whether an attempt may be made.
///
/// # Errors
/// If the database does not answer.
pub async fn attempt(db: &Database, source: Source) -> Result<Verdict> {
    let now = clock::now();
    // Committed before it is counted: then of many at once none overlooks the others.
    let written = source.clone();
    let id = db.write(move |conn| -> Result<_> { Ok(write_down(conn, &written, now)?) }).await?;
    let counted = source.clone();
    let (wait, crowded) = db.read(move |conn| count(conn, &counted, id, now)).await?;
    match wait {
        Some(until) => {
            db.write(move |conn| -> Result<_> { Ok(diesel::delete(failures::table.find(id)).execute(conn)?) }).await?;
            Ok(Verdict::Refused(u32::try_from((until - now).num_seconds().max(0) + 1).unwrap_or(1)))
        }
        None => Ok(Verdict::Allowed(Attempt { source, delay: if crowded { SLOWED } else { Duration::ZERO } })),
    }
}

/// Strikes out what an account failed from this address.
///
/// # Errors
/// If the database does not answer.
pub fn succeed(conn: &mut Connection, attempt: &Attempt) -> QueryResult<()> {
    let Source { account, address } = &attempt.source;
    diesel::delete(failures::table.filter(failures::account.eq(account)).filter(failures::address.eq(address)))
        .execute(conn)
        .map(|_| ())
}

fn write_down(conn: &mut Connection, source: &Source, now: NaiveDateTime) -> QueryResult<i64> {
    diesel::delete(failures::table.filter(failures::at.lt(now - WINDOW * 2))).execute(conn)?;
    diesel::insert_into(failures::table)
        .values((failures::account.eq(&source.account), failures::address.eq(&source.address), failures::at.eq(now)))
        .execute(conn)?;
    db::last_insert_id(conn)
}

/// Until when the source must wait, and whether its account is failing a lot.
fn count(
    conn: &mut Connection,
    source: &Source,
    id: i64,
    now: NaiveDateTime,
) -> QueryResult<(Option<NaiveDateTime>, bool)> {
    let others = || failures::table.filter(failures::id.ne(id)).filter(failures::at.gt(now - WINDOW)).into_boxed();
    let from_address = || others().filter(failures::address.eq(&source.address));
    // The failure that must be forgotten before there is room for one more.
    let pair = from_address()
        .filter(failures::account.eq(&source.account))
        .order(failures::at.desc())
        .offset(PER_PAIR - 1)
        .limit(1)
        .select(failures::at)
        .first::<NaiveDateTime>(conn)
        .optional()?;
    let address = from_address()
        .order(failures::at.desc())
        .offset(PER_ADDRESS - 1)
        .limit(1)
        .select(failures::at)
        .first::<NaiveDateTime>(conn)
        .optional()?;
    let account: i64 = others().filter(failures::account.eq(&source.account)).count().get_result(conn)?;
    Ok((pair.max(address).map(|at| at + WINDOW), account >= PER_ACCOUNT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_in_an_ipv6_network_are_one_source() {
        let network = |text: &str| network(text.parse().unwrap());
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2:ffff::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }
}
