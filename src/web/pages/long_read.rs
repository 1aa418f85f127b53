//! Reads that may take long, such as a search or a page far behind.

use std::net::{IpAddr, Ipv6Addr};

use diesel::QueryResult;

use crate::db::{Connection, Database, DatabaseError, ReadTurn};
use crate::web::{Ambient, Error, Result};

/// Reads what may take long: one such read at a time for each user, and one for all readers without a session from one
/// address ([`Database::read_in_turn`]).
///
/// # Errors
/// `Unavailable` if the database does not answer or the turn does not come; `TooSlow` if the read takes too long.
pub async fn read_in_turn<T, F>(db: &Database, ambient: &Ambient, query: F) -> Result<T>
where
    T: Send + 'static,
    F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
{
    let of = match ambient.viewer() {
        Some(viewer) => ReadTurn::User(viewer.id),
        None => ReadTurn::Address(ambient.client.address.map(network)),
    };
    db.read_in_turn(of, query).await.map_err(|error| match error {
        DatabaseError::OneAtATime => Error::Unavailable("what takes long is read one at a time".into()),
        error => error.into(),
    })
}

/// An IPv4 address, or the network of /64 of an IPv6 address: one machine can have all addresses of it.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_machine_share_a_turn() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
