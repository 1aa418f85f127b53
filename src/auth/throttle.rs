//! Limits on guessing passwords, in the database, where every process sees them.
//!
//! An attempt is written down as a failure before the password is looked at, one at a time, so that many at
//! once cannot slip through; a success strikes it out. A refusal writes nothing, and is remembered for a second, so
//! that somebody who goes on trying costs the others as little as possible.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

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
/// Failures of an account from anywhere, after which its logins are slowed. Never locked: anybody can fail.
const PER_ACCOUNT: i64 = 20;
const SLOWED: Duration = Duration::from_secs(2);
/// How long a refusal is remembered without asking the database again.
const TRUST: Duration = Duration::from_secs(1);
/// The most refusals that are remembered.
const MOST_REFUSALS: usize = 10_000;

/// The network that an address is in, by its prefix, and the failures that may come from it.
struct Width {
    v4: Option<u32>,
    v6: u32,
    /// With one account.
    per_account: i64,
    /// With all accounts.
    per_network: i64,
}

/// From the narrowest to the widest. Who rents a server gets an IPv6 network of /64 to /48, and picks any address in it.
const WIDTHS: [Width; 3] = [
    Width { v4: Some(32), v6: 64, per_account: 10, per_network: 60 },
    Width { v4: None, v6: 56, per_account: 20, per_network: 120 },
    Width { v4: Some(24), v6: 48, per_account: 40, per_network: 240 },
];

/// Who tries, as hashes: the table tells nobody which names and addresses there were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    account: String,
    /// The networks that the address is in, from the narrowest to the widest.
    networks: Vec<Network>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Network {
    hash: String,
    per_account: i64,
    per_network: i64,
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

/// What was refused within the last second.
#[derive(Default)]
pub struct Throttle {
    refusals: Mutex<HashMap<String, (Instant, NaiveDateTime)>>,
}

impl Source {
    /// An account, known or not, and where the client is.
    pub fn new(security: &Security, account: &str, address: Option<IpAddr>) -> Self {
        let hash = |purpose, text: &str| secrets::hex(&keyed_hash(security.secret_key.expose_secret(), purpose, text));
        let network = |width: &Width| {
            let hash = hash("throttle.address", &network(address, width)?);
            Some(Network { hash, per_account: width.per_account, per_network: width.per_network })
        };
        Self {
            account: hash("throttle.account", &account.to_lowercase()),
            networks: WIDTHS.iter().filter_map(network).collect(),
        }
    }

    /// The widest network.
    pub fn origin(&self) -> &str {
        self.networks.last().map_or("", |network| &network.hash)
    }

    /// What the table has instead of a network in the row that counts for the account alone.
    const ANYWHERE: &'static str = "anywhere";

    /// The `address` of every row that an attempt writes.
    fn rows(&self) -> impl Iterator<Item = &str> {
        self.networks.iter().map(|network| network.hash.as_str()).chain([Self::ANYWHERE])
    }
}

/// The network of that width; None where it says nothing more than a narrower one.
fn network(address: Option<IpAddr>, width: &Width) -> Option<String> {
    match address.map(|address| address.to_canonical()) {
        // Nobody said where the client is: all of these are one.
        None => (width.v6 == WIDTHS[0].v6).then(String::new),
        Some(IpAddr::V4(address)) => {
            let bits = address.to_bits() >> (32 - width.v4?);
            Some(format!("{bits:x}/{}", width.v4?))
        }
        Some(IpAddr::V6(address)) => Some(format!("{:x}/{}", address.to_bits() >> (128 - width.v6), width.v6)),
    }
}

impl Throttle {
    /// Whether an attempt was refused a moment ago, and until when. Costs neither a query nor a write.
    pub fn refused(&self, source: &Source) -> Option<u32> {
        let refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.is_empty() {
            return None;
        }
        let until = |key: &str| refusals.get(key).filter(|(asked, _)| asked.elapsed() < TRUST).map(|(_, until)| *until);
        let keys = source.networks.iter().flat_map(|network| [network.hash.clone(), pair(source, network)]);
        let until = keys.filter_map(|key| until(&key)).max()?;
        Some(seconds(until, clock::now()))
    }

    /// Asks whether an attempt may be made. One that may not writes nothing.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn attempt(&self, db: &Database, source: Source) -> Result<Verdict> {
        let now = clock::now();
        let asked = source.clone();
        if let Some(full) = db.read(move |conn| full(conn, &asked, now)).await? {
            return Ok(self.refuse(full, now));
        }
        let allowed = db
            .write_unseen(move |conn| -> Result<_> {
                take_turn(conn)?;
                if let Some(full) = full(conn, &source, now)? {
                    return Ok(Err(full));
                }
                let of_account = recent(now).filter(failures::account.eq(&source.account));
                let of_account = of_account.filter(failures::address.eq(Source::ANYWHERE));
                let crowded = of_account.count().get_result::<i64>(conn)? >= PER_ACCOUNT;
                diesel::delete(failures::table.filter(failures::at.le(now - WINDOW))).execute(conn)?;
                for address in source.rows() {
                    let row =
                        (failures::account.eq(&source.account), failures::address.eq(address), failures::at.eq(now));
                    diesel::insert_into(failures::table).values(row).execute(conn)?;
                }
                Ok(Ok(Attempt { source, delay: if crowded { SLOWED } else { Duration::ZERO } }))
            })
            .await?;
        Ok(allowed.map_or_else(|full| self.refuse(full, now), Verdict::Allowed))
    }

    fn refuse(&self, full: Full, now: NaiveDateTime) -> Verdict {
        let mut refusals = self.refusals.lock().unwrap_or_else(PoisonError::into_inner);
        if refusals.len() >= MOST_REFUSALS {
            refusals.retain(|_, (asked, _)| asked.elapsed() < TRUST);
        }
        if refusals.len() < MOST_REFUSALS {
            refusals.insert(full.key, (Instant::now(), full.until));
        }
        Verdict::Refused(seconds(full.until, now))
    }
}

fn seconds(until: NaiveDateTime, now: NaiveDateTime) -> u32 {
    u32::try_from((until - now).num_seconds().max(0) + 1).unwrap_or(1)
}

/// The key of a refusal that is for one account.
fn pair(source: &Source, network: &Network) -> String {
    format!("{}{}", source.account, network.hash)
}

/// Strikes out what an account failed from this network, also of the wider ones.
///
/// # Errors
/// If the database does not answer.
pub fn succeed(conn: &mut Connection, attempt: &Attempt) -> QueryResult<()> {
    take_turn(conn)?;
    let source = &attempt.source;
    let mut failed = 0;
    for (number, address) in source.rows().enumerate() {
        let mut rows = failures::table
            .filter(failures::account.eq(&source.account))
            .filter(failures::address.eq(address))
            .order(failures::id.desc())
            .select(failures::id)
            .into_boxed();
        // What others failed in the wider network stays.
        if number > 0 {
            rows = rows.limit(failed);
        }
        let rows: Vec<i64> = rows.load(conn)?;
        failed = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        diesel::delete(failures::table.filter(failures::id.eq_any(rows))).execute(conn)?;
    }
    Ok(())
}

/// Lets no other transaction count until this one ends: writing a value to itself locks its row.
fn take_turn(conn: &mut Connection) -> QueryResult<()> {
    diesel::update(turns::table).set(turns::turn.eq(turns::turn)).execute(conn).map(|_| ())
}

/// That there is no room for one more.
struct Full {
    /// By which [`Throttle`] remembers it.
    key: String,
    /// When the first of the last failures is forgotten that are as many as there may be.
    until: NaiveDateTime,
}

fn full(conn: &mut Connection, source: &Source, now: NaiveDateTime) -> QueryResult<Option<Full>> {
    for network in &source.networks {
        let failed = || recent(now).filter(failures::address.eq(&network.hash)).order(failures::at.desc());
        let of_all = failed().offset(network.per_network - 1).limit(1).select(failures::at);
        if let Some(at) = of_all.load::<NaiveDateTime>(conn)?.pop() {
            return Ok(Some(Full { key: network.hash.clone(), until: at + WINDOW }));
        }
        let of_account = failed().filter(failures::account.eq(&source.account));
        let of_account = of_account.offset(network.per_account - 1).limit(1).select(failures::at);
        if let Some(at) = of_account.load::<NaiveDateTime>(conn)?.pop() {
            return Ok(Some(Full { key: pair(source, network), until: at + WINDOW }));
        }
    }
    Ok(None)
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
