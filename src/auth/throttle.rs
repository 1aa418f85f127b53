//! Limits on guessing passwords, in the database, where every process sees them.
//!
//! An attempt is written down as a failure before the password is looked at, one at a time, so that many at
//! once cannot slip through; a success strikes it out.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use secrecy::ExposeSecret as _;

use super::middleware::keyed_hash;
use crate::clock;
use crate::db::schema::{auth_login_failure as failures, auth_login_turn as turns};
use crate::db::{Connection, Database};
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
    db.write(move |conn| {
        take_turn(conn)?;
        if let Some(until) = full_until(conn, &source, now)? {
            return Ok(Verdict::Refused(u32::try_from((until - now).num_seconds().max(0) + 1).unwrap_or(1)));
        }
        let of_account = recent(now).filter(failures::account.eq(&source.account));
        let crowded = of_account.count().get_result::<i64>(conn)? >= PER_ACCOUNT;
        diesel::delete(failures::table.filter(failures::at.le(now - WINDOW))).execute(conn)?;
        diesel::insert_into(failures::table)
            .values((
                failures::account.eq(&source.account),
                failures::address.eq(&source.address),
                failures::at.eq(now),
            ))
            .execute(conn)?;
        Ok(Verdict::Allowed(Attempt { source, delay: if crowded { SLOWED } else { Duration::ZERO } }))
    })
    .await
}

/// Strikes out what an account failed from this address.
///
/// # Errors
/// If the database does not answer.
pub fn succeed(conn: &mut Connection, attempt: &Attempt) -> QueryResult<()> {
    take_turn(conn)?;
    let Source { account, address } = &attempt.source;
    diesel::delete(failures::table.filter(failures::account.eq(account)).filter(failures::address.eq(address)))
        .execute(conn)
        .map(|_| ())
}

/// Lets no other transaction count until this one ends: writing a value to itself locks its row.
fn take_turn(conn: &mut Connection) -> QueryResult<()> {
    diesel::update(turns::table).set(turns::turn.eq(turns::turn)).execute(conn).map(|_| ())
}

/// Until when there is no room for one more: until the tenth, or sixtieth, last failure is forgotten.
fn full_until(conn: &mut Connection, source: &Source, now: NaiveDateTime) -> QueryResult<Option<NaiveDateTime>> {
    let from_address = || recent(now).filter(failures::address.eq(&source.address)).order(failures::at.desc());
    let pair = from_address().filter(failures::account.eq(&source.account)).offset(PER_PAIR - 1);
    let pair: Option<NaiveDateTime> = pair.limit(1).select(failures::at).first(conn).optional()?;
    let address = from_address().offset(PER_ADDRESS - 1);
    let address: Option<NaiveDateTime> = address.limit(1).select(failures::at).first(conn).optional()?;
    Ok(pair.max(address).map(|at| at + WINDOW))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn recent(now: NaiveDateTime) -> _ {
    let since: NaiveDateTime = now - WINDOW;
    failures::table.filter(failures::at.gt(since))
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
