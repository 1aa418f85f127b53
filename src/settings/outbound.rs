//! The settings of what reaches out to other sites.

use std::time::Duration;

use ipnet::IpNet;

use super::security::parse_network;
use super::values::Values;

#[derive(Debug, Clone)]
pub struct OutboundSettings {
    /// `outbound.allowed_networks`: addresses and networks that may be asked, at every port, although they are not
    /// public.
    pub allowed_networks: Vec<IpNet>,
    /// `outbound.timeout`: seconds that one page or picture may take in all.
    pub timeout: Duration,
    /// `outbound.host_pause`: seconds between two questions to one host.
    pub host_pause: Duration,
    /// `outbound.link_check_days`: after so many days `polls outbound` checks a link again; never if it is 0.
    pub link_check_days: u32,
}

impl OutboundSettings {
    pub(super) fn read(values: &mut Values) -> Self {
        Self {
            allowed_networks: values.list("outbound.allowed_networks", &[] as &[&str], parse_network),
            timeout: Duration::from_secs(u64::from(values.number("outbound.timeout", 10, 1..=300))),
            host_pause: values.seconds("outbound.host_pause", 1, 3600),
            link_check_days: values.number("outbound.link_check_days", 30, 0..=3650),
        }
    }
}
