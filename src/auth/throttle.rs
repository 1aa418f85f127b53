//! Limits the guessing of passwords. The counts are in the database, so that every process sees them.
//!
//! An attempt is stored as a failure before the password is verified, one attempt at a time, so that many at once
//! cannot pass the limit together; a success deletes it. A refusal writes nothing, so that a client who goes on trying
//! costs the others as little as possible.

use std::net::IpAddr;
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use secrecy::ExposeSecret as _;

use super::refusals;
use crate::auth::schema::{auth_login_failure as failures, auth_login_turn as turns};
use crate::clock;
use crate::db::{Connection, Database};
use crate::settings::SecuritySettings;
use crate::web::Result;
use crate::web::http::secrets;

/// How long a failure is counted.
const WINDOW: TimeDelta = TimeDelta::minutes(5);
/// The failures of an account, from all addresses, after which its logins are slowed down. The account is never locked,
/// because anybody can cause failures.
const PER_ACCOUNT: i64 = 20;
const SLOWED: Duration = Duration::from_secs(2);
/// A size of networks, by the lengths of its prefixes in bits, and the most failures that may come from one network.
/// `v4` is None if IPv4 has no network of that size.
struct Width {
    v4: Option<u32>,
    v6: u32,
    /// For one account.
    per_account: i64,
    /// For all accounts together.
    per_network: i64,
}

/// From the narrowest to the widest. Whoever rents a server gets an IPv6 network of /64 to /48, and can use any address
/// in it.
const WIDTHS: [Width; 3] = [
    Width { v4: Some(32), v6: 64, per_account: 10, per_network: 60 },
    Width { v4: None, v6: 56, per_account: 20, per_network: 120 },
    Width { v4: Some(24), v6: 48, per_account: 40, per_network: 240 },
];

/// The source of an attempt, as hashes: names and addresses cannot be read from the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    account: String,
    /// The networks that contain the address, in the order of [`WIDTHS`]; empty for a size that the address has no
    /// network of.
    networks: [String; WIDTHS.len()],
}

/// An attempt that was allowed.
#[derive(Debug)]
pub struct LoginAttempt {
    source: Source,
    /// How long to wait before the password is verified.
    pub delay: Duration,
}

/// Whether an attempt is allowed.
#[derive(Debug)]
pub enum ThrottleVerdict {
    Allowed(LoginAttempt),
    /// Refused; the next attempt is possible after so many seconds.
    Refused(u32),
}

impl Source {
    /// The source of an attempt for an account, existing or not, from an address.
    pub fn new(security: &SecuritySettings, account: &str, address: Option<IpAddr>) -> Self {
        let hash = |purpose, text: &str| {
            secrets::hex(&secrets::keyed_hash(security.secret_key.expose_secret(), purpose, text))
        };
        let network = |width: &Width| network(address, width).map(|network| hash("auth.throttle.address", &network));
        Self {
            account: hash("auth.throttle.account", &account.to_lowercase()),
            networks: WIDTHS.each_ref().map(|width| network(width).unwrap_or_default()),
        }
    }

    /// The keys that can reach their limit: each network, with the account and alone.
    fn keys(&self) -> Vec<String> {
        let networks = self.networks.iter().filter(|network| !network.is_empty());
        networks.flat_map(|network| [self.key_of_account(network), network.clone()]).collect()
    }

    fn key_of_account(&self, network: &str) -> String {
        format!("{} {network}", self.account)
    }

    /// The hash of the widest network, by which [`super::passwords`] separates origins.
    pub fn origin(&self) -> &str {
        self.networks.iter().rev().find(|network| !network.is_empty()).map_or("", String::as_str)
    }
}

/// The network of an address with that size; None if there is none of that size.
fn network(address: Option<IpAddr>, width: &Width) -> Option<String> {
    match address.map(|address| address.to_canonical()) {
        // The client's address is unknown: all such clients share one network.
        None => (width.v6 == WIDTHS[0].v6).then(String::new),
        Some(IpAddr::V4(address)) => {
            let bits = address.to_bits() >> (32 - width.v4?);
            Some(format!("{bits:x}/{}", width.v4?))
        }
        Some(IpAddr::V6(address)) => Some(format!("{:x}/{}", address.to_bits() >> (128 - width.v6), width.v6)),
    }
}

/// The refusal of a source that was just refused and tries again, without a query; None if the database must be asked.
pub fn refuse(source: &Source) -> Option<ThrottleVerdict> {
    let now = clock::now();
    refusals::known(&source.keys(), now).map(|until| refused(until, now))
}

fn refused(until: NaiveDateTime, now: NaiveDateTime) -> ThrottleVerdict {
    ThrottleVerdict::Refused(u32::try_from((until - now).num_seconds().max(0) + 1).unwrap_or(1))
}

/// Checks whether an attempt is allowed, and stores it as a failure if so. A refused attempt writes nothing.
///
/// # Errors
/// If the database does not answer.
pub async fn attempt(db: &Database, source: Source) -> Result<ThrottleVerdict> {
    if let Some(refused) = refuse(&source) {
        return Ok(refused);
    }
    let now = clock::now();
    let asked = source.clone();
    if let Some(full) = db.read(move |conn| Full::find(conn, &asked, now)).await? {
        return Ok(full.refuse(now));
    }
    let keys = source.keys();
    let verdict = db
        .write_unseen(move |conn| -> Result<_> {
            take_turn(conn)?;
            if let Some(full) = Full::find(conn, &source, now)? {
                return Ok(full.refuse(now));
            }
            let of_account = recent(now).filter(failures::account.eq(&source.account));
            let crowded = of_account.count().get_result::<i64>(conn)? >= PER_ACCOUNT;
            forget_old(conn, now)?;
            let [address, near_network, wide_network] = &source.networks;
            diesel::insert_into(failures::table)
                .values((
                    failures::account.eq(&source.account),
                    failures::address.eq(address),
                    failures::near_network.eq(near_network),
                    failures::wide_network.eq(wide_network),
                    failures::at.eq(now),
                ))
                .execute(conn)?;
            Ok(ThrottleVerdict::Allowed(LoginAttempt { source, delay: if crowded { SLOWED } else { Duration::ZERO } }))
        })
        .await?;
    if matches!(verdict, ThrottleVerdict::Allowed(_)) {
        refusals::forget(&keys);
    }
    Ok(verdict)
}

/// Deletes the failures of the account from this address, after a successful login.
///
/// # Errors
/// If the database does not answer.
pub fn succeed(conn: &mut Connection, attempt: &LoginAttempt) -> QueryResult<()> {
    take_turn(conn)?;
    let Source { account, networks: [address, ..] } = &attempt.source;
    diesel::delete(failures::table.filter(failures::account.eq(account)).filter(failures::address.eq(address)))
        .execute(conn)
        .map(|_| ())
}

/// Makes other transactions wait here until this one ends: writing a value to itself locks its row.
fn take_turn(conn: &mut Connection) -> QueryResult<()> {
    diesel::update(turns::table).set(turns::turn.eq(turns::turn)).execute(conn).map(|_| ())
}

/// A key that has reached its limit.
struct Full {
    key: String,
    until: NaiveDateTime,
}

impl Full {
    /// The key that stays at its limit for the longest time. A key with limit n is free again when the n-th newest
    /// failure is older than [`WINDOW`].
    fn find(conn: &mut Connection, source: &Source, now: NaiveDateTime) -> QueryResult<Option<Self>> {
        let mut full = Vec::new();
        for (index, (network, width)) in source.networks.iter().zip(&WIDTHS).enumerate() {
            if network.is_empty() {
                continue;
            }
            let failed = || {
                let recent = recent(now).order(failures::at.desc()).select(failures::at).limit(1).into_boxed();
                match index {
                    0 => recent.filter(failures::address.eq(network)),
                    1 => recent.filter(failures::near_network.eq(network)),
                    _ => recent.filter(failures::wide_network.eq(network)),
                }
            };
            let of_account = failed().filter(failures::account.eq(&source.account)).offset(width.per_account - 1);
            let of_account: Option<NaiveDateTime> = of_account.first(conn).optional()?;
            let of_all: Option<NaiveDateTime> = failed().offset(width.per_network - 1).first(conn).optional()?;
            full.extend(of_account.map(|at| Self { key: source.key_of_account(network), until: at + WINDOW }));
            full.extend(of_all.map(|at| Self { key: network.clone(), until: at + WINDOW }));
        }
        Ok(full.into_iter().max_by_key(|full| full.until))
    }

    fn refuse(self, now: NaiveDateTime) -> ThrottleVerdict {
        refusals::remember(self.key, self.until, now);
        refused(self.until, now)
    }
}

/// Deletes the failures that no longer count, and returns how many.
///
/// # Errors
/// If the database does not answer.
pub fn forget_old(conn: &mut Connection, now: NaiveDateTime) -> QueryResult<usize> {
    diesel::delete(failures::table.filter(failures::at.le(now - WINDOW))).execute(conn)
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
    fn neighbours_are_one_source_at_every_width() {
        let networks = |text: &str| -> Vec<String> {
            WIDTHS.iter().filter_map(|width| network(Some(text.parse().unwrap()), width)).collect()
        };
        let same = |one: &str, other: &str| {
            networks(one).iter().zip(networks(other)).filter(|(one, other)| *one == other).count()
        };
        assert_eq!(same("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:ffff::1"), 3);
        assert_eq!(same("2001:db8:1:2::1", "2001:db8:1:3::1"), 2);
        assert_eq!(same("2001:db8:1:200::1", "2001:db8:1:3::1"), 1);
        assert_eq!(same("2001:db8:1::1", "2001:db8:2::1"), 0);
        assert_eq!(same("::ffff:192.0.2.1", "192.0.2.1"), 2);
        assert_eq!(same("192.0.2.1", "192.0.2.2"), 1);
        assert_eq!(same("192.0.2.1", "192.0.3.1"), 0);
        assert_eq!(WIDTHS.iter().filter_map(|width| network(None, width)).count(), 1);
    }
}
