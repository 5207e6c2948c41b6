//! Where a request comes from: the one place that reads `X-Forwarded-For`.

use super::connection::Peer;
use axum::{
    extract::{Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use djinn_subgraph_kit::ClientAddress;
use ipnet::IpNet;
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The proxies whose word is taken for where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct TrustedProxies(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    networks: Vec<IpNet>,
    /// Whether it was said that a proxy stands before the hub which is not trusted.
    told: AtomicBool,
}

/// A setting that is neither an address nor a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be addresses or networks, for instance `172.18.0.0/16`, not `{0}`")]
pub struct NotANetwork(pub String);

impl TrustedProxies {
    /// Reads addresses and networks.
    pub fn parse(texts: &[String]) -> Result<Self, NotANetwork> {
        let network = |text: &String| {
            let text = text.trim();
            let address = text.parse::<IpAddr>().map(IpNet::from);
            text.parse()
                .or(address)
                .map_err(|_| NotANetwork(text.to_owned()))
        };
        let networks = texts.iter().map(network).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Inner {
            networks,
            told: AtomicBool::new(false),
        })))
    }

    /// Whether an address is a trusted proxy's.
    pub fn has(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0
            .networks
            .iter()
            .any(|network| network.contains(&address))
    }

    /// Who is behind a connection from `peer`: of the addresses its proxies have written down, the
    /// last that is none of them. Whatever stands before that one, the client may have made up.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> ClientAddress {
        let mut client = peer;
        let said = headers.get_all(FORWARDED_FOR).into_iter();
        let mut hops = said
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|hop| hop.trim().parse::<IpAddr>())
            .collect::<Vec<_>>()
            .into_iter()
            .rev();
        if !self.has(peer) {
            if hops.len() > 0 && !self.0.told.swap(true, Ordering::Relaxed) {
                tracing::warn!(
                    %peer,
                    "a proxy says where requests come from, but is not one of server.trusted_proxies; all its clients count as one"
                );
            }
            return ClientAddress::new(peer);
        }
        while self.has(client) {
            match hops.next() {
                Some(Ok(hop)) => client = hop,
                Some(Err(_)) | None => break,
            }
        }
        ClientAddress::new(client)
    }
}

/// Notes it on the request.
pub async fn resolve(
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    if let Some(Peer(peer)) = request.extensions().get().copied() {
        let client = proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(client);
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let trusted: Vec<_> = trusted.iter().map(|text| (*text).to_owned()).collect();
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        let proxies = TrustedProxies::parse(&trusted).unwrap();
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_unless_they_are_trusted() {
        assert_eq!(client(&[], "192.0.2.1", &["10.0.0.1"]), "192.0.2.1");
        let trusted = ["10.0.0.0/8"];
        assert_eq!(client(&trusted, "192.0.2.1", &["10.0.0.1"]), "192.0.2.1");
        assert_eq!(client(&trusted, "10.0.0.9", &["192.0.2.7"]), "192.0.2.7");
        assert_eq!(client(&trusted, "10.0.0.9", &[]), "10.0.0.9");
    }

    #[test]
    fn what_a_client_writes_into_the_header_itself_is_not_believed() {
        let trusted = ["10.0.0.0/8", "::1"];
        let made_up = ["203.0.113.5, 192.0.2.7, 10.0.0.3"];
        assert_eq!(client(&trusted, "10.0.0.9", &made_up), "192.0.2.7");
        let in_two = ["203.0.113.5", "192.0.2.7, 10.0.0.3"];
        assert_eq!(client(&trusted, "::1", &in_two), "192.0.2.7");
        assert_eq!(client(&trusted, "10.0.0.9", &["nonsense"]), "10.0.0.9");
        assert_eq!(
            client(&trusted, "::ffff:10.0.0.9", &["192.0.2.7"]),
            "192.0.2.7"
        );
    }

    #[test]
    fn a_network_that_is_none_is_named() {
        let error = TrustedProxies::parse(&["10.0.0.0/8".to_owned(), "proxy".to_owned()]);
        assert_eq!(error.unwrap_err(), NotANetwork("proxy".to_owned()));
    }
}
