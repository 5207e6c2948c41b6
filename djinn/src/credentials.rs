//! Who is asking: every door asks here, and here the session subgraph is asked, wherever it runs.

use async_graphql::Value;
use axum::http::{HeaderMap, header};
use chrono::{DateTime, Utc};
use djinn_kernel::{Clock, Code, Ids, Scope, Viewer, viewer::Identity};
use djinn_operations::{Caller, GraphDown};
use djinn_router::{Authenticator, Seen};
use djinn_subgraph_kit::{Bus, Call, Forwarded, Ports, RequestId, Subgraph, trace};
use sha2::{Digest, Sha256};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;

/// An answer of the session subgraph is good for this long, unless it says earlier that logins
/// changed. In the process of the session subgraph it says so at once.
const FRESH: Duration = Duration::from_secs(5);
/// No credential of ours is longer.
const LONGEST: usize = 4096;

const IDENTIFY: &str = "query Identify($credential: String!) { identify(credential: $credential) { viewer expiresAt } }";

/// Finds the viewer behind a credential.
pub struct Credentials {
    session: Arc<dyn Subgraph>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    /// By the credential's hash: the cache holds nothing that lets anybody in.
    /// And by how often logins had changed: an answer asked for before is of no use after.
    known: moka::future::Cache<([u8; 32], u64), Seen>,
    /// Counts the times that logins changed: an answer asked for before must not be kept after.
    changes: AtomicU64,
    /// Everybody who names the hub by one of these hosts is this person, when `auth.mode` is `off`.
    everybody: Option<(Identity, Vec<String>)>,
    /// The fixed key of the configuration, and where the hub's owner is found.
    fixed: Option<(String, Ports)>,
}

impl Credentials {
    /// Asks `session`.
    pub fn new(session: Arc<dyn Subgraph>, clock: Arc<dyn Clock>, ids: Arc<dyn Ids>) -> Self {
        let known = moka::future::Cache::builder()
            .max_capacity(10_000)
            .time_to_live(FRESH)
            .build();
        Self {
            session,
            clock,
            ids,
            known,
            changes: AtomicU64::new(0),
            everybody: None,
            fixed: None,
        }
    }

    /// Everybody who comes is `identity`, if they name the hub by one of `hosts`. A page of another
    /// site can have its own name point at this machine, but cannot send ours as `Host`.
    #[must_use]
    pub fn everybody_is(mut self, identity: Identity, hosts: Vec<String>) -> Self {
        self.everybody = Some((identity, hosts));
        self
    }

    /// `key` reads as the hub's owner does, once there is one, and may do nothing else.
    #[must_use]
    pub fn fixed_key(mut self, key: String, ports: Ports) -> Self {
        self.fixed = Some((key, ports));
        self
    }

    /// Forgets what it knows whenever a login or key has ended.
    pub async fn follow_logins(self: Arc<Self>, bus: Arc<dyn Bus>, stop: CancellationToken) {
        let mut logins = bus.watch(djinn_session::LOGINS_TOPIC);
        while stop.run_until_cancelled(logins.poked()).await.is_some() {
            self.changes.fetch_add(1, Ordering::Relaxed);
            self.known.invalidate_all();
        }
    }

    /// Whose the key of a request is, in its headers or, without one there, in its address.
    pub async fn known(&self, headers: &HeaderMap, address: Option<&str>) -> Option<Viewer> {
        let key = credential(headers).or(address)?;
        self.seen(key).await.ok().map(|seen| seen.viewer)
    }

    async fn seen(&self, credential: &str) -> Result<Seen, Code> {
        if credential.len() > LONGEST {
            return Err(Code::Unauthenticated);
        }
        let hash: [u8; 32] = Sha256::digest(credential.as_bytes()).into();
        let at = (hash, self.changes.load(Ordering::Relaxed));
        if let Some(seen) = self.known.get(&at).await {
            if seen.expires_at.is_some_and(|end| end <= self.clock.now()) {
                return Err(Code::TokenExpired);
            }
            return Ok(seen);
        }
        let find = async {
            match &self.fixed {
                Some((key, ports)) if <[u8; 32]>::from(Sha256::digest(key.as_bytes())) == hash => {
                    owner_reads(ports).await
                }
                _ => self.ask(credential).await,
            }
        };
        // Asked once, however many come at once with the same credential, as they do after a
        // restart.
        let seen = self.known.try_get_with(at, find).await;
        seen.map_err(|code| *code)
    }

    async fn ask(&self, credential: &str) -> Result<Seen, Code> {
        let call = Call {
            query: IDENTIFY.into(),
            operation_name: None,
            variables: async_graphql::Variables::from_json(
                serde_json::json!({ "credential": credential }),
            ),
            viewer: Viewer::Hub,
            request_id: RequestId(self.ids.new_id().to_string().into()),
            forwarded: Forwarded::default(),
            client: None,
        };
        let response = self.session.execute(call).await.map_err(|error| {
            tracing::error!(%error, "the session subgraph cannot say who is asking");
            Code::Unavailable
        })?;
        if let Some(error) = response.errors.first() {
            let code =
                error
                    .extensions
                    .as_ref()
                    .and_then(|extensions| match extensions.get("code") {
                        Some(Value::String(code)) => Code::parse(code),
                        _ => None,
                    });
            return Err(code.unwrap_or(Code::Unavailable));
        }
        let data = response.data.into_json().map_err(|_| Code::Internal)?;
        let identified = &data["identify"];
        let viewer = identified["viewer"]
            .as_str()
            .and_then(|text| serde_json::from_str(text).ok());
        let expires_at = identified["expiresAt"]
            .as_str()
            .and_then(|text| text.parse::<DateTime<Utc>>().ok());
        Ok(Seen {
            viewer: viewer.ok_or(Code::Internal)?,
            expires_at,
        })
    }
}

async fn owner_reads(ports: &Ports) -> Result<Seen, Code> {
    let owner = djinn_session::owner(ports).await.map_err(|fault| {
        tracing::error!(%fault, "the fixed key cannot be used");
        Code::Unavailable
    })?;
    let owner = owner.ok_or(Code::Unauthenticated)?;
    let scopes = vec![Scope::ReadLibrary, Scope::ReadPlay];
    Ok(Seen {
        viewer: Viewer::Known(Identity { scopes, ..owner }),
        expires_at: None,
    })
}

fn credential(headers: &HeaderMap) -> Option<&str> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &header::HeaderValue| value.to_str().ok())
    };
    // Of two, a proxy in front may have read the other one.
    let once = headers.get_all(header::AUTHORIZATION).iter().count() == 1;
    let bearer = text(header::AUTHORIZATION)
        .filter(|_| once)
        .and_then(|value| {
            let (scheme, credential) = value.split_once(' ')?;
            scheme
                .eq_ignore_ascii_case("bearer")
                .then(|| credential.trim())
        });
    bearer.or_else(|| text(header::HeaderName::from_static("x-api-key")))
}

/// The host a request names, without its port.
fn host(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next(),
        None => host.split(':').next(),
    }
}

#[async_trait::async_trait]
impl Authenticator for Credentials {
    async fn viewer(&self, headers: &HeaderMap) -> Result<Seen, Code> {
        let Some((owner, hosts)) = &self.everybody else {
            return match credential(headers) {
                Some(credential) => self.seen(credential).await,
                None if headers.contains_key(header::AUTHORIZATION) => Err(Code::Unauthenticated),
                None => Ok(Seen::default()),
            };
        };
        // A proxy may pass its own credentials on; only our keys mean something here.
        if let Some(key) = credential(headers).filter(|credential| credential.starts_with("gd_")) {
            return self.seen(key).await;
        }
        let named = host(headers).is_some_and(|host| {
            let loopback = host
                .parse::<std::net::IpAddr>()
                .is_ok_and(|ip| ip.is_loopback());
            loopback || hosts.iter().any(|known| known.eq_ignore_ascii_case(host))
        });
        if named {
            Ok(is(owner))
        } else {
            Err(Code::CrossSiteRequest)
        }
    }

    async fn viewer_of_credential(&self, credential: &str) -> Result<Seen, Code> {
        match &self.everybody {
            // A key still narrows what a program may do; anything else is the owner, whose host was
            // checked when the socket was opened.
            Some((owner, _)) if !credential.starts_with("gd_") => Ok(is(owner)),
            _ => self.seen(credential).await,
        }
    }
}

fn is(owner: &Identity) -> Seen {
    Seen {
        viewer: Viewer::Known(owner.clone()),
        expires_at: None,
    }
}

#[async_trait::async_trait]
impl djinn_mcp::KeyCheck for Credentials {
    async fn check(&self, key: &str) -> Result<Option<Caller>, GraphDown> {
        match self.seen(key).await {
            Ok(seen) => Ok(Some(Caller {
                viewer: seen.viewer,
                place: trace::here(),
                base: None,
            })),
            Err(Code::Unavailable | Code::Internal) => Err(GraphDown::Unreachable(
                "the session subgraph does not answer".to_owned(),
            )),
            Err(_) => Ok(None),
        }
    }
}
