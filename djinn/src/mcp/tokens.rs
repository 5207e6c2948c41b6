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
use jsonwebtoken::{
    Algorithm, DecodingKey, Header, Validation,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How long the issuer's keys are kept.
const FRESH: Duration = Duration::from_mins(5);
/// How soon they are fetched again for a key that is not among them: the issuer may have a new one,
/// and whoever makes up names of keys must not have us ask it each time.
const AGAIN: Duration = Duration::from_secs(30);
/// How far the issuer's clock may be ahead of the hub's, in seconds.
const AHEAD: i64 = 30;
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
    signers: moka::future::Cache<(), Arc<Signers>>,
}

/// The issuer's keys, and when they were fetched, in seconds.
struct Signers {
    keys: JwkSet,
    at: i64,
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
                base: None,
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
        let Ok(header) = jsonwebtoken::decode_header(token) else {
            return Ok(None);
        };
        // What a header says is critical has to be understood, and nothing is here.
        if !SIGNED.contains(&header.alg) || header.crit.is_some() {
            return Ok(None);
        }
        let mut signers = self.signers().await?;
        let old = self.clock.now().timestamp() - signers.at >= AGAIN.as_secs().cast_signed();
        if old && signer(&signers.keys, &header).is_none() {
            self.signers.invalidate(&()).await;
            signers = self.signers().await?;
        }
        let key = signer(&signers.keys, &header);
        Ok(key.and_then(|key| self.verified(token, &header, key)))
    }

    fn verified(&self, token: &str, header: &Header, key: &Jwk) -> Option<Named> {
        let key = DecodingKey::from_jwk(key).ok()?;
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
        if claims.exp <= now || claims.nbf > now + AHEAD {
            return None;
        }
        // An address that nobody has checked is whatever somebody typed.
        let unchecked = claims.rest.get("email_verified") == Some(&false.into());
        let called = ["sub", "email", "preferred_username"].into_iter();
        let called = called.filter(|claim| *claim != "email" || !unchecked);
        let mut called = called.filter_map(|claim| claims.rest.get(claim)?.as_str());
        let name = called.find_map(|text| self.people.get(text))?.clone();
        Some(Named {
            name,
            scopes: allowed(&claims.scope),
        })
    }

    /// The issuer's keys, found as OpenID Connect has it.
    async fn signers(&self) -> Result<Arc<Signers>, GraphDown> {
        let unread = |text: String| GraphDown::Unreachable(format!("the issuer's keys: {text}"));
        let find = async {
            let issuer = self.issuer.trim_end_matches('/');
            let about = self
                .json(format!("{issuer}/.well-known/openid-configuration"))
                .await?;
            // Whose document it is, it says itself; another's keys are not this one's.
            if about["issuer"] != *self.issuer {
                return Err(unread(format!("it calls itself {}", about["issuer"])));
            }
            let place = about["jwks_uri"].as_str().unwrap_or_default();
            let keys = self.json(place.to_owned()).await?;
            let keys = serde_json::from_value(keys).map_err(|error| unread(error.to_string()))?;
            let at = self.clock.now().timestamp();
            Ok(Arc::new(Signers { keys, at }))
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

/// The key that a token says it was signed with: the one of that name, or the only one there is.
fn signer<'a>(keys: &'a JwkSet, header: &Header) -> Option<&'a Jwk> {
    let mut signing = keys.keys.iter().filter(|key| {
        let common = &key.common;
        let meant = common
            .key_algorithm
            .is_none_or(|of| of == KeyAlgorithm::from(header.alg));
        meant && common.public_key_use.as_ref() != Some(&PublicKeyUse::Encryption)
    });
    match header.kid.as_deref() {
        Some(kid) => signing.find(|key| key.common.key_id.as_deref() == Some(kid)),
        None => signing.next().filter(|_| signing.next().is_none()),
    }
}

/// What a token's `scope` allows: those of ours that it names; without any, to read. The account and
/// the hub itself are changed by signing in, never by a token of somebody else's.
fn allowed(scope: &str) -> Vec<Scope> {
    let mut named: Vec<Scope> = scope.split_whitespace().filter_map(Scope::parse).collect();
    if named.is_empty() {
        named = vec![Scope::ReadLibrary, Scope::ReadPlay];
    }
    named.retain(|scope| of_tokens(*scope));
    named
}

/// Whether a token may allow it.
pub const fn of_tokens(scope: Scope) -> bool {
    !matches!(scope, Scope::ManageAccount | Scope::Admin)
}

#[cfg(test)]
mod tests;
