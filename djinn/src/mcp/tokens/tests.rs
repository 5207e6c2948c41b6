//! Tokens of an issuer whose keys the test has.

use super::*;
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::http::{Answer, NoAnswer};
use ed25519_dalek::SigningKey;
use jsonwebtoken::EncodingKey;
use serde_json::json;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicUsize, Ordering};

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
    signed_as(claims, seed, "one")
}

fn signed_as(claims: &Value, seed: u8, kid: &str) -> String {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some(kid.to_owned());
    jsonwebtoken::encode(&header, claims, &private(seed)).unwrap()
}

/// An Ed25519 private key in PKCS#8 version 1 (RFC 8410, section 7).
fn private(seed: u8) -> EncodingKey {
    let mut key = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
    ];
    key.extend([0x04, 0x22, 0x04, 0x20]);
    key.extend(Issuer(seed).key().as_bytes());
    EncodingKey::from_ed_der(&key)
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

/// An issuer whose key changes, and how often it was asked for it.
#[derive(Default)]
struct Changing {
    seed: AtomicU8,
    asked: AtomicUsize,
}

#[async_trait::async_trait]
impl Http for Changing {
    async fn send(&self, ask: Ask) -> Result<Answer, NoAnswer> {
        let seed = self.seed.load(Ordering::SeqCst);
        let mut answer = Issuer(seed).send(ask).await?;
        let body = String::from_utf8(answer.body.to_vec()).unwrap();
        if body.contains("\"kid\"") {
            self.asked.fetch_add(1, Ordering::SeqCst);
        }
        answer.body = body.replace("\"one\"", &format!("\"key {seed}\"")).into();
        Ok(answer)
    }
}

struct Moving(AtomicI64);
impl Clock for Moving {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

#[tokio::test]
async fn a_new_key_of_the_issuer_is_fetched_and_a_made_up_one_not_each_time() {
    let issuer = Arc::new(Changing::default());
    let clock = Arc::new(Moving(AtomicI64::new(NOW)));
    let tokens = Tokens {
        http: issuer.clone(),
        clock: clock.clone(),
        ..tokens()
    };
    let by = |seed: u8, kid: &str| signed_as(&good(), seed, kid);
    let taken = async |token: &str| tokens.read(token).await.unwrap().is_some();
    assert!(taken(&by(0, "key 0")).await);
    issuer.seed.store(1, Ordering::SeqCst);
    assert!(!taken(&by(1, "key 1")).await);
    clock
        .0
        .fetch_add(AGAIN.as_secs().cast_signed(), Ordering::SeqCst);
    assert!(taken(&by(1, "key 1")).await);
    assert!(!taken(&by(0, "key 0")).await);
    for number in 0..5 {
        assert!(!taken(&by(2, &format!("made up {number}"))).await);
    }
    assert_eq!(issuer.asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_token_that_names_no_key_is_of_the_only_one_there_is() {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = None;
    let token = jsonwebtoken::encode(&header, &good(), &private(1)).unwrap();
    assert!(tokens().read(&token).await.unwrap().is_some());
}

#[tokio::test]
async fn keys_of_an_issuer_that_calls_itself_otherwise_are_not_used() {
    let other = Tokens {
        issuer: "https://id.example/".to_owned(),
        ..tokens()
    };
    let mut claims = good();
    claims["iss"] = json!("https://id.example/");
    assert!(other.read(&signed(&claims, 1)).await.is_err());
}
