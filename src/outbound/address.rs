//! Which addresses of the network may be asked. A page that a stranger names must not lead to what only this machine
//! and its neighbours reach: the database, a router, the provider's store of passwords at 169.254.169.254.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// The ports of HTTP and HTTPS.
const WEB_PORTS: [u16; 2] = [80, 443];

/// Addresses that are not public, by IANA's registry of special-purpose addresses.
const NOT_PUBLIC_V4: [Ipv4Net; 16] = [
    v4([0, 0, 0, 0], 8),       // this network
    v4([10, 0, 0, 0], 8),      // private
    v4([100, 64, 0, 0], 10),   // shared by the customers of a provider
    v4([127, 0, 0, 0], 8),     // loopback
    v4([169, 254, 0, 0], 16),  // link-local
    v4([172, 16, 0, 0], 12),   // private
    v4([192, 0, 0, 0], 24),    // protocols
    v4([192, 0, 2, 0], 24),    // documentation
    v4([192, 52, 193, 0], 24), // relays of multicast
    v4([192, 88, 99, 0], 24),  // relays of 6to4
    v4([192, 168, 0, 0], 16),  // private
    v4([198, 18, 0, 0], 15),   // benchmarks
    v4([198, 51, 100, 0], 24), // documentation
    v4([203, 0, 113, 0], 24),  // documentation
    v4([224, 0, 0, 0], 4),     // multicast
    v4([240, 0, 0, 0], 4),     // reserved, and the broadcast
];

/// What is handed out to be used in the whole net. All else is loopback, mapped, NAT64 (64:ff9b::/96, 64:ff9b:1::/48),
/// private, link-local, site-local, multicast or reserved.
const PUBLIC_V6: Ipv6Net = v6([0x2000, 0, 0], 3);

/// What of [`PUBLIC_V6`] is not public, or contains an IPv4 address that may be none.
const NOT_PUBLIC_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0], 23),      // protocols: Teredo, benchmarks, ORCHID
    v6([0x2001, 0x0db8, 0], 32), // documentation
    v6([0x2002, 0, 0], 16),      // 6to4
    v6([0x3fff, 0, 0], 20),      // documentation
];

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6([a, b, c]: [u16; 3], length: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), length)
}

/// What may be reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// Networks that are allowed although they are not public.
    pub allowed: Vec<IpNet>,
    /// This machine's own addresses, which may be public ones.
    pub own: Vec<IpAddr>,
}

/// Why an address is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRefusal {
    /// It is not public, or this machine's own.
    Address,
    /// The port is not that of HTTP or HTTPS.
    Port,
}

impl Reach {
    /// Decides whether this address may be asked at its port.
    ///
    /// # Errors
    /// If it may not.
    pub fn check(&self, address: SocketAddr) -> Result<(), AddressRefusal> {
        let ip = address.ip().to_canonical();
        if self.allowed.iter().any(|network| network.contains(&ip)) {
            return Ok(());
        }
        if !is_public(address.ip()) || self.own.contains(&ip) {
            return Err(AddressRefusal::Address);
        }
        if WEB_PORTS.contains(&address.port()) { Ok(()) } else { Err(AddressRefusal::Port) }
    }
}

/// Whether an address belongs to the public net.
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => !NOT_PUBLIC_V4.iter().any(|network| network.contains(&ip)),
        IpAddr::V6(ip) => PUBLIC_V6.contains(&ip) && !NOT_PUBLIC_V6.iter().any(|network| network.contains(&ip)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_net_is_public() {
        for ip in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.0.170",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::8.8.8.8",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::ffff:0:127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:808:808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456:789a::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in [
            "1.1.1.1",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "126.255.255.255",
            "169.253.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "192.0.1.1",
            "192.167.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.130.192.247",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "3ffe::1",
        ] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn what_is_allowed_is_asked_at_every_port() {
        let reach = Reach {
            allowed: vec!["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()],
            own: vec!["1.2.3.4".parse().unwrap()],
        };
        for (address, result) in [
            ("8.8.8.8:80", Ok(())),
            ("8.8.8.8:443", Ok(())),
            ("8.8.8.8:22", Err(AddressRefusal::Port)),
            ("8.8.8.8:0", Err(AddressRefusal::Port)),
            ("1.2.3.4:80", Err(AddressRefusal::Address)),
            ("10.0.0.1:80", Err(AddressRefusal::Address)),
            ("10.0.0.1:22", Err(AddressRefusal::Address)),
            ("127.0.0.1:8000", Ok(())),
            ("[::ffff:127.0.0.1]:8000", Ok(())),
            ("[::ffff:8.8.8.8]:80", Err(AddressRefusal::Address)),
            ("[fd00::1]:8000", Ok(())),
            ("[::1]:80", Err(AddressRefusal::Address)),
            ("[2001:4860:4860::8888]:443", Ok(())),
        ] {
            assert_eq!(reach.check(address.parse().unwrap()), result, "{address}");
        }
    }
}
