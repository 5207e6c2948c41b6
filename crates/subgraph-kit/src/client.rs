//! Where a request comes from.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// The address of the client, beyond any proxy that is trusted. What is limited by address asks
/// here and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Of a connection, or of what a trusted proxy says.
    pub const fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    /// The address itself, an IPv4 address in IPv6 as the IPv4 address it is.
    pub const fn ip(self) -> IpAddr {
        self.0
    }

    /// What is counted as one client: an IPv4 address, or the 64 bits of an IPv6 network, of which
    /// everybody has as many addresses as they like.
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from(network))
            }
        }
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_of_ipv6_is_one_client_and_ipv4_within_it_is_ipv4() {
        let of = |text: &str| ClientAddress::new(text.parse().unwrap());
        assert_eq!(
            of("2001:db8::1").network(),
            of("2001:db8::ffff:2").network()
        );
        assert_ne!(of("2001:db8::1").network(), of("2001:db8:0:1::1").network());
        assert_eq!(of("::ffff:192.0.2.7"), of("192.0.2.7"));
        assert_ne!(of("192.0.2.7").network(), of("192.0.2.8").network());
    }
}
