//! Tokens of an OAuth server, taken at `/mcp` where keys are.
//!
//! A token is a JWT that the configured issuer signed for this hub's `/mcp` and that has not ended.
//! Who it is says the configuration; what they may do, their account and the token together.

use crate::{config::Oauth, credentials::Credentials};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use djinn_kernel::{Clock, Fault, Scope, Viewer, viewer::Identity};
use djinn_mcp::KeyCheck;
use djinn_operations::{Caller, GraphDown};
use djinn_subgraph_kit::{
    Ports,
    http::{Ask, Http},
    trace,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How long the issuer's keys are kept.
const FRESH: Duration = Duration::from_mins(5);
/// No token that we take is longer.
const LONGEST: usize = 8192;
/// How a token may be signed: by a key pair, so that whoever checks cannot sign.
const SIGNED: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// Keys, and tokens where there is an issuer.
pub struct Keys {
    who: Arc<Credentials>,
    tokens: Option<(Tokens, Ports)>,
}

/// What the issuer's tokens say.
struct Tokens {
    issuer: String,
    audience: String,
    people: BTreeMap<String, String>,
    http: Arc<dyn Http>,
    clock: Arc<dyn Clock>,
    signers: moka::future::Cache<(), Arc<JwkSet>>,
}

#[derive(Debug, Deserialize)]
struct Claims {
    exp: i64,
    #[serde(default)]
    nbf: i64,
    #[serde(default)]
    scope: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// Somebody by a token: the name of the account, and what the token allows.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    name: String,
    scopes: Vec<Scope>,
}

impl Keys {
    /// Keys of `who`, and tokens as `oauth` has them, made for `origin`.
    pub fn new(who: Arc<Credentials>, oauth: &Oauth, origin: &str, ports: &Ports) -> Self {
        let tokens = oauth.issuer.as_ref().map(|issuer| {
            let tokens = Tokens {
                issuer: issuer.clone(),
                audience: format!("{origin}/mcp"),
                people: oauth.people.clone(),
                http: Arc::clone(&ports.http),
                clock: Arc::clone(&ports.clock),
                signers: moka::future::Cache::builder()
                    .max_capacity(1)
                    .time_to_live(FRESH)
                    .build(),
            };
            (tokens, ports.clone())
        });
        Self { who, tokens }
    }
}

#[async_trait::async_trait]
impl KeyCheck for Keys {
    async fn check(&self, key: &str) -> Result<Option<Caller>, GraphDown> {
        let Some((tokens, ports)) = &self.tokens else {
            return self.who.check(key).await;
        };
        if !tokens.issued(key) {
            return self.who.check(key).await;
        }
        let down = |text: &str| GraphDown::Unreachable(text.to_owned());
        let Some(named) = tokens.read(key).await? else {
            return Ok(None);
        };
        let account = djinn_session::account(ports, &named.name).await;
        let account = account.map_err(|fault: Fault| {
            tracing::error!(%fault, "a token's account cannot be loaded");
            down("the accounts cannot be read")
        })?;
        Ok(account.map(|account| {
            let mut scopes = account.scopes.clone();
            scopes.retain(|scope| named.scopes.contains(scope));
            Caller {
                viewer: Viewer::Known(Identity { scopes, ..account }),
                place: trace::here(),
            }
        }))
    }
}

impl Tokens {
    /// Whether a credential says that it is of our issuer. Nothing of it is believed yet.
    fn issued(&self, credential: &str) -> bool {
        let claims = || {
            let (_, rest) = credential.split_once('.')?;
            let (claims, _) = rest.split_once('.')?;
            let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
            serde_json::from_slice::<Value>(&claims).ok()
        };
        credential.len() <= LONGEST && claims().is_some_and(|claims| claims["iss"] == *self.issuer)
    }

    /// Who comes by a token; nobody, when it is not good.
    async fn read(&self, token: &str) -> Result<Option<Named>, GraphDown> {
        let signers = self.signers().await?;
        Ok(self.verified(token, &signers))
    }

    fn verified(&self, token: &str, signers: &JwkSet) -> Option<Named> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if !SIGNED.contains(&header.alg) {
            return None;
        }
        let key = DecodingKey::from_jwk(signers.find(header.kid.as_deref()?)?).ok()?;
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "aud", "iss"]);
        validation.validate_exp = false; // Below, by the hub's clock.
        let read = jsonwebtoken::decode::<Claims>(token, &key, &validation);
        let claims = read
            .inspect_err(|error| tracing::debug!(%error, "a token was not taken"))
            .ok()?
            .claims;
        let now = self.clock.now().timestamp();
        if claims.exp <= now || claims.nbf > now {
            return None;
        }
        let called = ["sub", "email", "preferred_username"].into_iter();
        let mut called = called.filter_map(|claim| claims.rest.get(claim)?.as_str());
        let name = called.find_map(|text| self.people.get(text))?.clone();
        Some(Named {
            name,
            scopes: allowed(&claims.scope),
        })
    }

    /// The issuer's keys, found as OpenID Connect has it.
    async fn signers(&self) -> Result<Arc<JwkSet>, GraphDown> {
        let find = async {
            let issuer = self.issuer.trim_end_matches('/');
            let about = self
                .json(format!("{issuer}/.well-known/openid-configuration"))
                .await?;
            let place = about["jwks_uri"].as_str().unwrap_or_default();
            let keys = self.json(place.to_owned()).await?;
            serde_json::from_value(keys).map(Arc::new).map_err(|error| {
                GraphDown::Unreachable(format!("the issuer's keys cannot be read: {error}"))
            })
        };
        let found = self.signers.try_get_with((), find).await;
        found.map_err(|error: Arc<GraphDown>| (*error).clone())
    }

    async fn json(&self, url: String) -> Result<Value, GraphDown> {
        let mut ask = Ask::get(url);
        ask.timeout = Duration::from_secs(5);
        ask.max_bytes = 256 * 1024;
        let answer = self.http.send(ask).await;
        let answer = answer.map_err(|error| GraphDown::Unreachable(error.to_string()))?;
        let unread = || GraphDown::Unreachable("the issuer's answer cannot be read".to_owned());
        serde_json::from_slice(&answer.body).map_err(|_| unread())
    }
}

/// What a token's `scope` allows: those of ours that it names; without any, to read. The account and
/// the hub itself are changed by signing in, never by a token of somebody else's.
fn allowed(scope: &str) -> Vec<Scope> {
    let mut named: Vec<Scope> = scope.split_whitespace().filter_map(Scope::parse).collect();
    if named.is_empty() {
        named = vec![Scope::ReadLibrary, Scope::ReadPlay];
    }
    named.retain(|scope| !matches!(scope, Scope::ManageAccount | Scope::Admin));
    named
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use djinn_subgraph_kit::http::{Answer, NoAnswer};
    use ed25519_dalek::SigningKey;
    use jsonwebtoken::{EncodingKey, Header};
    use serde_json::json;

    const NOW: i64 = 1_800_000_000;

    struct Still;
    impl Clock for Still {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp(NOW, 0).unwrap()
        }
    }

    /// An issuer with the key of the seed.
    struct Issuer(u8);
    impl Issuer {
        fn key(&self) -> SigningKey {
            SigningKey::from_bytes(&[self.0; 32])
        }
    }

    #[async_trait::async_trait]
    impl Http for Issuer {
        async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
            let x = URL_SAFE_NO_PAD.encode(self.key().verifying_key().as_bytes());
            let body = match ask.url.as_str() {
                "https://id.example/.well-known/openid-configuration" => {
                    json!({ "issuer": "https://id.example", "jwks_uri": "https://id.example/keys" })
                }
                "https://id.example/keys" => {
                    json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "kid": "one", "alg": "EdDSA", "x": x }] })
                }
                _ => return Err(NoAnswer::Unreachable),
            };
            Ok(Answer {
                status: 200,
                retry_after: None,
                content_type: "application/json".to_owned(),
                body: body.to_string().into(),
            })
        }
    }

    fn tokens() -> Tokens {
        Tokens {
            issuer: "https://id.example".to_owned(),
            audience: "https://hub.example/mcp".to_owned(),
            people: [("anna@example.org".to_owned(), "Anna".to_owned())]
                .into_iter()
                .collect(),
            http: Arc::new(Issuer(1)),
            clock: Arc::new(Still),
            signers: moka::future::Cache::new(1),
        }
    }

    fn good() -> Value {
        json!({ "iss": "https://id.example", "aud": ["https://hub.example/mcp", "other"], "sub": "77",
            "email": "anna@example.org", "exp": NOW + 60, "scope": "openid read:library run:sync admin" })
    }

    fn signed(claims: &Value, seed: u8) -> String {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some("one".to_owned());
        // An Ed25519 private key in PKCS#8 version 1 (RFC 8410, section 7).
        let mut key = vec![
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
        ];
        key.extend([0x04, 0x22, 0x04, 0x20]);
        key.extend(Issuer(seed).key().as_bytes());
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_ed_der(&key)).unwrap()
    }

    #[tokio::test]
    async fn a_token_of_the_issuer_for_this_hub_is_taken_for_what_it_allows() {
        let token = signed(&good(), 1);
        assert!(tokens().issued(&token));
        let named = Named {
            name: "Anna".to_owned(),
            scopes: vec![Scope::ReadLibrary, Scope::RunSync],
        };
        assert_eq!(tokens().read(&token).await, Ok(Some(named)));
        assert_eq!(allowed("openid"), [Scope::ReadLibrary, Scope::ReadPlay]);
    }

    #[tokio::test]
    async fn any_other_token_is_not() {
        let but = |key: &str, value: Value| {
            let mut claims = good();
            claims[key] = value;
            signed(&claims, 1)
        };
        let mut unsigned = signed(&good(), 1);
        unsigned.truncate(unsigned.rfind('.').unwrap() + 1);
        for (token, why) in [
            (signed(&good(), 2), "another key"),
            (unsigned, "no signature"),
            (
                but("aud", json!("https://other.example/mcp")),
                "another audience",
            ),
            (but("exp", json!(NOW)), "ended"),
            (but("nbf", json!(NOW + 60)), "not yet"),
            (but("email", json!("eve@example.org")), "nobody here"),
        ] {
            assert_eq!(tokens().read(&token).await, Ok(None), "{why}");
        }
        assert!(!tokens().issued(&but("iss", json!("https://evil.example"))));
        for key in ["gd_abc", "", "a.b", "a.b.c", &"x".repeat(LONGEST + 1)] {
            assert!(!tokens().issued(key), "{key}");
        }
    }
}
