//! Requests to addresses that somebody else wrote: where a provider wrote them, only to hosts that
//! were named before; never to one of this house.
//!
//! Names are resolved here and each address is checked; the connection goes to an address that was
//! checked, so a name that answers differently the second time gains nothing. Redirects are
//! followed by hand, each checked like the first. A host written as a number is refused: no
//! provider writes one.

use crate::http::Client;
use async_trait::async_trait;
use djinn_kernel::{Clock, Doing, Fault};
use djinn_subgraph_kit::http::{Answer, Ask, Http, NoAnswer};
use reqwest::{
    dns::{Addrs, Name, Resolve, Resolving},
    header::LOCATION,
};
use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// So many redirects are followed.
const REDIRECTS: usize = 3;

/// Where a name leads, before it is checked.
pub trait Lookup: Send + Sync + 'static {
    /// The addresses of a name.
    fn lookup(&self, name: String)
    -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
}

/// Asks the system.
pub struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(
        &self,
        name: String,
    ) -> Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// Asks only the hosts it was told, or only the public internet.
pub struct Outside {
    client: Client,
    /// `None`: any host of the public internet.
    hosts: Option<Vec<String>>,
    /// `host:port` of servers that stand in for those hosts in tests.
    stand_ins: Vec<String>,
}

impl Outside {
    /// For these hosts; one with a dot before it stands for every host below that name. `stand_ins`
    /// are for tests: they may be in this house, and need no TLS.
    pub fn new(
        clock: Arc<dyn Clock>,
        hosts: &[&str],
        stand_ins: Vec<String>,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, Fault> {
        let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
        Self::over(clock, Some(hosts), stand_ins, lookup)
    }

    /// For whatever host a person names, by its name and under encryption; all else is refused as
    /// for the others.
    pub fn anywhere(
        clock: Arc<dyn Clock>,
        stand_ins: Vec<String>,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, Fault> {
        Self::over(clock, None, stand_ins, lookup)
    }

    fn over(
        clock: Arc<dyn Clock>,
        hosts: Option<Vec<String>>,
        stand_ins: Vec<String>,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, Fault> {
        let resolver = Checked {
            lookup,
            stand_ins: stand_ins
                .iter()
                .filter_map(|place| Some(place.rsplit_once(':')?.0.to_owned()))
                .collect(),
        };
        #[expect(clippy::disallowed_methods, reason = "this is a door")]
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(
                djinn_subgraph_kit::tls::client().doing("reading the system's roots")?,
            )
            .user_agent(concat!("GameDjinn/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(Duration::from_secs(5))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // A proxy would resolve names itself, and nobody would have checked them.
            .no_proxy()
            .dns_resolver(Arc::new(resolver))
            .build()
            .doing("making the HTTP client for other people's addresses")?;
        Ok(Self {
            client: Client::over(client, clock),
            hosts,
            stand_ins,
        })
    }

    /// Whether an address may be asked at all.
    fn allows(&self, url: &Url) -> bool {
        if !url.username().is_empty() || url.password().is_some() {
            return false;
        }
        let Some(host) = url.host() else { return false };
        let port = url.port_or_known_default().unwrap_or_default();
        if self.stand_ins.contains(&format!("{host}:{port}")) {
            return matches!(url.scheme(), "http" | "https");
        }
        let Host::Domain(name) = host else {
            return false;
        };
        let named = self.hosts.as_ref().is_none_or(|hosts| {
            hosts.iter().any(|host| match host.strip_prefix('.') {
                Some(_) => name.ends_with(host.as_str()) && name.len() > host.len(),
                None => name == host,
            })
        });
        url.scheme() == "https" && port == 443 && named
    }

    async fn follow(&self, mut ask: Ask) -> Result<Answer, NoAnswer> {
        let mut url = Url::parse(&ask.url).map_err(|_| NoAnswer::Unreachable)?;
        for _ in 0..=REDIRECTS {
            if !self.allows(&url) {
                tracing::warn!(
                    host = url.host_str().unwrap_or_default(),
                    "an address is refused: its host is none of those that may be asked"
                );
                return Err(NoAnswer::Unreachable);
            }
            ask.url = url.to_string();
            let (answer, next) = self.client.step(ask.clone(), LOCATION).await?;
            let Some(next) = next.filter(|_| matches!(answer.status, 301 | 302 | 303 | 307 | 308))
            else {
                return Ok(answer);
            };
            url = url.join(&next).map_err(|_| NoAnswer::Unreachable)?;
        }
        Err(NoAnswer::Unreachable)
    }
}

#[async_trait]
impl Http for Outside {
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        // Over all redirects together.
        let timeout = ask.timeout;
        tokio::time::timeout(timeout, self.follow(ask))
            .await
            .unwrap_or(Err(NoAnswer::Timeout))
    }
}

/// Resolves names, and leaves out what is not of the public internet.
struct Checked {
    lookup: Arc<dyn Lookup>,
    stand_ins: Vec<String>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let stands_in = self.stand_ins.iter().any(|host| host == name.as_str());
        let found = self.lookup.lookup(name.as_str().to_owned());
        Box::pin(async move {
            let mut all = found.await?;
            all.retain(|ip| stands_in || is_public(*ip));
            if all.is_empty() {
                return Err("the name leads to no public address".into());
            }
            let addresses = all.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

/// Whether an address is of the public internet (IANA's registries of special-purpose addresses).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

const fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 175, 48)
            | (198, 18 | 19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Only what is handed out to the world, 2000::/3; so what wraps an IPv4 address (`::ffff:…`,
/// `64:ff9b::…`), what is local and what is a group are out. Within it, what leads elsewhere again.
const fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    match (a, b) {
        // Teredo and other protocols' own, documentation, 6to4.
        (0x2001, 0..=0x01FF | 0x0DB8) | (0x2002, _) | (0x3FFF, 0..=0x0FFF) => false,
        (0x2000..=0x3FFF, _) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
