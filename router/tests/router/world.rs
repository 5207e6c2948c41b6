//! The doors, open on a real port.

use super::graphs::{FrozenClock, router};
use chrono::{DateTime, Utc};
use djinn_kernel::{Clock, Code, Role, Viewer, ids::PlayerId, viewer::Identity};
use djinn_router::{
    Authenticator, Router, Seen,
    door::{self, DoorConfig},
};
use http::HeaderMap;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// Knows no host called `evil.example`. Knows one key, `good`, one that ends at once, `short`, and one that is `revoked` as soon as it
/// has been used once.
#[derive(Default)]
pub struct Keys(AtomicBool);

pub fn ada() -> Viewer {
    let player = PlayerId(uuid::Uuid::from_u128(7));
    Viewer::Known(Identity {
        player,
        household: player,
        role: Role::Player,
        scopes: Vec::new(),
        family: None,
        login: None,
        key: None,
    })
}

#[async_trait::async_trait]
impl Authenticator for Keys {
    async fn viewer(&self, headers: &HeaderMap) -> Result<Seen, Code> {
        if headers
            .get("host")
            .is_some_and(|host| host == "evil.example")
        {
            return Err(Code::CrossSiteRequest);
        }
        let header = headers
            .get("authorization")
            .and_then(|value| value.to_str().ok());
        let cookie = headers.get("cookie").and_then(|value| value.to_str().ok());
        match (header, cookie) {
            (Some(bearer), _) => {
                self.viewer_of_credential(bearer.trim_start_matches("Bearer "))
                    .await
            }
            (None, Some(cookie)) => {
                self.viewer_of_credential(cookie.trim_start_matches("key="))
                    .await
            }
            (None, None) => Ok(Seen::default()),
        }
    }

    async fn viewer_of_credential(&self, credential: &str) -> Result<Seen, Code> {
        let expires_at: Option<DateTime<Utc>> = match credential {
            "good" => None,
            "short" => Some(FrozenClock.now() + chrono::Duration::milliseconds(1_500)),
            "revoked" if !self.0.swap(true, Ordering::SeqCst) => None,
            _ => return Err(Code::Unauthenticated),
        };
        Ok(Seen {
            viewer: ada(),
            expires_at,
        })
    }
}

/// Serves on a port of its own.
pub async fn listen(app: axum::Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    address
}

pub async fn open_doors_of(router: Router, config: DoorConfig) -> SocketAddr {
    listen(door::routes(router, Arc::<Keys>::default(), config)).await
}

pub async fn open_doors() -> SocketAddr {
    open_doors_of(router(), DoorConfig::default()).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test's client, to a server in the same process"
)]
pub fn client() -> reqwest::Client {
    reqwest::Client::new()
}
