//! Forged tokens: whatever is wrong with one, the door says the same and lets nobody in.

use crate::hub::{Hub, PASSWORD, Person, Placement};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use djinn_kernel::Viewer;
use djinn_platform::{SystemClock, master::MasterKey};
use djinn_subgraph_kit::token;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SECRET: &str = "a secret that the forger's friend has seen";
const EXPIRED: &str = "TOKEN_EXPIRED";
const NOBODY: &str = "UNAUTHENTICATED";

fn base64(text: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// An Ed25519 key as PKCS#8 (RFC 8410, section 7).
fn pkcs8(seed: [u8; 32]) -> EncodingKey {
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    der.extend_from_slice(&seed);
    EncodingKey::from_ed_der(&der)
}

/// What a real token is made of, and the means to make others of it.
struct Forge {
    token: String,
    header: Value,
    claims: Value,
    key: EncodingKey,
    stranger: EncodingKey,
    now: i64,
}

impl Forge {
    fn of(token: &str) -> Self {
        let part = |n: usize| {
            let text = token.split('.').nth(n).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        let claims: Value = part(1);
        Self {
            token: token.to_owned(),
            header: part(0),
            now: claims["iat"].as_i64().unwrap(),
            claims,
            key: pkcs8(MasterKey::from_secret(SECRET).keys().access),
            stranger: pkcs8([7; 32]),
        }
    }

    /// Header and claims as they stand, properly signed.
    fn raw(&self, header: &str, claims: impl AsRef<[u8]>) -> String {
        signed_by(&self.key, Algorithm::EdDSA, header, claims)
    }

    /// With this in the header, properly signed. Null takes it out.
    fn header(&self, changes: Value) -> String {
        self.raw(
            &changed(&self.header, changes).to_string(),
            self.claims.to_string(),
        )
    }

    /// With this in the claims, properly signed. Null takes it out.
    fn claims(&self, changes: Value) -> String {
        self.raw(
            &self.header.to_string(),
            changed(&self.claims, changes).to_string(),
        )
    }

    /// With this in the header, signed with `secret` instead of the key.
    fn hmac(&self, changes: Value, algorithm: Algorithm, secret: &[u8]) -> String {
        let header = changed(&self.header, changes).to_string();
        signed_by(
            &EncodingKey::from_secret(secret),
            algorithm,
            &header,
            self.claims.to_string(),
        )
    }

    /// With this in the header, signed by somebody else.
    fn by_stranger(&self, changes: Value) -> String {
        let header = changed(&self.header, changes).to_string();
        signed_by(
            &self.stranger,
            Algorithm::EdDSA,
            &header,
            self.claims.to_string(),
        )
    }

    /// With this for a signature.
    fn signed_as(&self, header: Value, signature: &str) -> String {
        let header = changed(&self.header, header).to_string();
        format!(
            "{}.{}.{signature}",
            base64(header),
            base64(self.claims.to_string())
        )
    }

    fn part(&self, n: usize) -> &str {
        self.token.split('.').nth(n).unwrap()
    }
}

/// Header and claims as they stand, signed with any key.
fn signed_by(
    key: &EncodingKey,
    algorithm: Algorithm,
    header: &str,
    claims: impl AsRef<[u8]>,
) -> String {
    let message = format!("{}.{}", base64(header), base64(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), key, algorithm).unwrap();
    format!("{message}.{signature}")
}

fn changed(object: &Value, changes: Value) -> Value {
    let mut object = object.as_object().unwrap().clone();
    for (name, value) in changes.as_object().unwrap().clone() {
        if value.is_null() {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
    }
    Value::Object(object)
}

#[expect(clippy::too_many_lines, reason = "one line is one forgery")]
fn forgeries(forge: &Forge) -> Vec<(&'static str, String, &'static str)> {
    // In the forms a server may be fooled with.
    let seed = MasterKey::from_secret(SECRET).keys().access;
    let public = ed25519_dalek::SigningKey::from_bytes(&seed)
        .verifying_key()
        .to_bytes();
    let mut spki = vec![
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ];
    spki.extend_from_slice(&public);
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(&spki)
    );
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": base64([9; 32]) });
    let year = forge.now + 365 * 86_400;
    let (header, claims) = (forge.header.to_string(), forge.claims.to_string());
    let twice = |claims: &str, member: &str| format!("{{{member},{}", &claims[1..]);
    let hs256 = json!({ "alg": "HS256" });
    let nobody = vec![
        // No signature, or none that says anything.
        ("alg none, no signature", forge.signed_as(json!({ "alg": "none" }), "")),
        ("alg None", forge.signed_as(json!({ "alg": "None" }), "")),
        ("alg NONE, with the signature", forge.signed_as(json!({ "alg": "NONE" }), forge.part(2))),
        ("no alg", forge.signed_as(json!({ "alg": null }), forge.part(2))),
        ("alg a list", forge.signed_as(json!({ "alg": ["EdDSA"] }), forge.part(2))),
        ("empty signature", forge.signed_as(json!({}), "")),
        ("half a signature", forge.signed_as(json!({}), &forge.part(2)[..40])),
        ("a signature of zeros", forge.signed_as(json!({}), &base64([0; 64]))),
        ("padded signature", format!("{}==", forge.token)),
        ("one letter changed", {
            let last = forge.claims["jti"].as_str().unwrap();
            let jti = last.replace(|c: char| c.is_ascii_digit(), "0");
            let claims = changed(&forge.claims, json!({ "jti": jti })).to_string();
            format!("{}.{}.{}", forge.part(0), base64(claims), forge.part(2))
        }),
        // Another algorithm, with something public for its key.
        ("HS256 by the public key", forge.hmac(hs256.clone(), Algorithm::HS256, &public)),
        ("HS256 by the public key as SPKI", forge.hmac(hs256.clone(), Algorithm::HS256, &spki)),
        ("HS256 by the public key as PEM", forge.hmac(hs256.clone(), Algorithm::HS256, pem.as_bytes())),
        ("HS256 by the public key's text", forge.hmac(hs256.clone(), Algorithm::HS256, base64(public).as_bytes())),
        ("HS512 by the public key", forge.hmac(json!({ "alg": "HS512" }), Algorithm::HS512, &public)),
        ("HS256 by nothing", forge.hmac(hs256, Algorithm::HS256, b"")),
        ("EdDSA said, HS256 done", forge.hmac(json!({}), Algorithm::HS256, &public)),
        ("RS256 said", forge.header(json!({ "alg": "RS256" }))),
        ("ES256 said", forge.header(json!({ "alg": "ES256" }))),
        ("eddsa in small letters", forge.header(json!({ "alg": "eddsa" }))),
        // Another key.
        ("signed by a stranger", forge.by_stranger(json!({}))),
        ("signed by a stranger who says so", forge.by_stranger(json!({ "kid": base64([7; 8]) }))),
        ("no kid", forge.header(json!({ "kid": null }))),
        ("kid a number", forge.header(json!({ "kid": 0 }))),
        ("kid a path", forge.hmac(json!({ "alg": "HS256", "kid": "../../../../dev/null" }), Algorithm::HS256, b"")),
        ("kid a query", forge.by_stranger(json!({ "kid": "x' UNION SELECT 'key' -- " }))),
        ("kid an address", forge.by_stranger(json!({ "kid": "http://127.0.0.1:1/key" }))),
        ("kid a command", forge.by_stranger(json!({ "kid": "|/usr/bin/id" }))),
        // A key of its own, with the true signature and without.
        ("jwk", forge.by_stranger(json!({ "jwk": jwk }))),
        ("jwk, truly signed", forge.header(json!({ "jwk": jwk }))),
        ("jku", forge.by_stranger(json!({ "jku": "http://127.0.0.1:1/keys.json" }))),
        ("jku, truly signed", forge.header(json!({ "jku": "http://127.0.0.1:1/keys.json" }))),
        ("x5u, truly signed", forge.header(json!({ "x5u": "http://127.0.0.1:1/cert.pem" }))),
        ("x5c, truly signed", forge.header(json!({ "x5c": ["MIIB"] }))),
        ("crit", forge.header(json!({ "crit": ["exp"] }))),
        ("b64", forge.header(json!({ "b64": false }))),
        ("zip", forge.header(json!({ "zip": "DEF" }))),
        ("a token in a token", forge.header(json!({ "cty": "JWT" }))),
        ("alg twice", forge.raw(&twice(&header, "\"alg\":\"none\""), &claims)),
        ("another kind of token", forge.header(json!({ "typ": "JWT" }))),
        ("the kind between processes", forge.header(json!({ "typ": "djinn-hub+jwt" }))),
        ("no kind at all", forge.header(json!({ "typ": null }))),
        // Claims that say nothing, too much, or what we never say.
        ("not before tomorrow", forge.claims(json!({ "nbf": forge.now + 86_400 }))),
        ("issued tomorrow", forge.claims(json!({ "iat": forge.now + 86_400, "exp": forge.now + 86_700 }))),
        ("no issue time", forge.claims(json!({ "iat": null }))),
        ("good for a year", forge.claims(json!({ "exp": year }))),
        ("exp with a fraction", forge.claims(json!({ "exp": forge.now as f64 + 300.5 }))),
        ("exp beyond time", forge.claims(json!({ "exp": i64::MAX }))),
        ("exp beyond numbers", forge.raw(&header, claims.replacen(&forge.claims["exp"].to_string(), "1e400", 1))),
        ("exp in words", forge.claims(json!({ "exp": (forge.now + 300).to_string() }))),
        ("exp a list", forge.claims(json!({ "exp": [forge.now + 300] }))),
        ("no exp", forge.claims(json!({ "exp": null }))),
        ("exp twice", forge.raw(&header, twice(&claims, &format!("\"exp\":{year}")))),
        ("aud a list", forge.claims(json!({ "aud": ["djinn"] }))),
        ("aud of the hub's processes", forge.claims(json!({ "aud": "djinn-subgraph" }))),
        ("no aud", forge.claims(json!({ "aud": null }))),
        ("iss another", forge.claims(json!({ "iss": "https://djinn.example" }))),
        ("iss a list", forge.claims(json!({ "iss": ["djinn"] }))),
        ("no iss", forge.claims(json!({ "iss": null }))),
        ("no sub", forge.claims(json!({ "sub": null }))),
        ("sub no id", forge.claims(json!({ "sub": "admin' --" }))),
        ("sub twice", forge.raw(&header, twice(&claims, "\"sub\":\"01920000-0000-7000-8000-000000000001\""))),
        ("another's login", forge.claims(json!({ "sub": "01920000-0000-7000-8000-000000000001" }))),
        ("a login that never was", forge.claims(json!({ "sid": "01920000-0000-7000-8000-000000000001" }))),
        ("no login", forge.claims(json!({ "sid": null }))),
        ("no jti", forge.claims(json!({ "jti": null }))),
        ("claims a list", forge.raw(&header, "[]")),
        ("claims no text", forge.raw(&header, [0xff, 0xfe])),
        ("claims nothing", forge.raw(&header, "")),
        (
            "exp before the epoch",
            forge.claims(json!({ "iat": -900, "exp": -600 })),
        ),
        // Not even a token.
        ("two parts", forge.token.rsplit_once('.').unwrap().0.to_owned()),
        ("one part", forge.part(1).to_owned()),
        ("four parts", format!("{}.{}", forge.token, forge.part(2))),
        ("five parts", format!("{0}.{0}.{0}.{0}.{0}", forge.part(0))),
        ("JSON", json!({ "payload": forge.part(1), "protected": forge.part(0), "signature": forge.part(2) }).to_string()),
        ("header no base64", format!("***.{}.{}", forge.part(1), forge.part(2))),
        ("too long", format!("{}.{}.{}", forge.part(0), "A".repeat(3000), forge.part(2))),
        ("a query", "' OR '1'='1".to_owned()),
        ("a dot", "..".to_owned()),
    ];
    let expired = vec![(
        "expired an hour ago",
        forge.claims(json!({ "iat": forge.now - 3900, "exp": forge.now - 3600 })),
    )];
    let of = |list: Vec<(&'static str, String)>, code| {
        list.into_iter()
            .map(move |(name, token)| (name, token, code))
    };
    of(nobody, NOBODY).chain(of(expired, EXPIRED)).collect()
}

/// Credentials of other kinds, where an access token or a key belongs.
async fn misplaced(hub: &Hub, owner: &Person<'_>) -> Vec<(&'static str, String, &'static str)> {
    let keys = MasterKey::from_secret(SECRET).keys();
    let identity = djinn_testkit::viewers::admin(1);
    let made = owner
        .ask(
            "mutation { createApiKey(input: { name: \"real\", scopes: [READ_LIBRARY] }) { secret problems { code } } }",
            json!({}),
        )
        .await;
    let key = made["createApiKey"]["secret"].as_str().unwrap();
    let others = Hub::start(Placement::One, &[]).await;
    let foreign = others.owner().await.token.unwrap();
    [
        (
            "the hub's own token",
            token::sign(&keys, &SystemClock, &Viewer::Hub),
        ),
        (
            "the hub's token for an admin",
            token::sign(&keys, &SystemClock, &identity),
        ),
        ("another hub's token", foreign),
        ("a refresh token", owner.refresh.clone()),
        ("the setup token", hub.setup_token.clone().unwrap()),
        ("a key's prefix", "gd_".to_owned()),
        ("a key cut short", key[..key.len() - 1].to_owned()),
        ("a key with more", format!("{key}A")),
        ("a key in capitals", key.to_ascii_uppercase()),
        (
            "a key without its prefix",
            key.trim_start_matches("gd_").to_owned(),
        ),
    ]
    .into_iter()
    .map(|(name, token)| (name, token, NOBODY))
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_forged_token_is_refused_in_the_same_words() {
    let hub = Hub::start(Placement::One, &[("SECRET_KEY", SECRET.to_owned())]).await;
    let owner = hub.owner().await;
    let forge = Forge::of(owner.token.as_deref().unwrap());
    // The forger's tools are good: what they make of the true parts is let in.
    for good in [
        forge.header(json!({})),
        forge.claims(json!({ "nbf": forge.now })),
    ] {
        let me = hub.with_key(&good).ask("{ me { name } }", json!({})).await;
        assert_eq!(me["me"]["name"], "Anna");
    }
    // Of two credentials of the same kind nobody can say which one counts.
    let (good, bad) = (&forge.token, forge.header(json!({ "alg": "none" })));
    for (one, two) in [(good, &bad), (&bad, good), (good, good)] {
        let twice = hub
            .http
            .post(format!("{}/graphql", hub.url))
            .bearer_auth(one);
        let twice = twice.header("authorization", format!("Bearer {two}"));
        let answer = twice
            .json(&json!({ "query": "{ me { name } }" }))
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), 401);
    }
    let mut all = forgeries(&forge);
    all.extend(misplaced(&hub, &owner).await);
    assert!(all.len() >= 80, "{}", all.len());
    let mut said = BTreeSet::new();
    for (name, token, code) in &all {
        let bearer = format!("Bearer {token}");
        for (header, value) in [("authorization", &bearer), ("x-api-key", token)] {
            let answer = hub
                .http
                .post(format!("{}/graphql", hub.url))
                .header(header, value)
                .json(&json!({ "query": "{ setup { needed } me { name } }" }))
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 401, "{name} in {header}");
            let mut answer: Value = answer.json().await.unwrap();
            assert!(
                answer.get("data").is_none_or(Value::is_null),
                "{name}: {answer}"
            );
            let errors = answer["errors"].as_array_mut().unwrap();
            assert_eq!(errors.len(), 1, "{name}: {errors:?}");
            errors[0]["extensions"]
                .as_object_mut()
                .unwrap()
                .remove("requestId");
            assert_eq!(errors[0]["extensions"]["code"], *code, "{name} in {header}");
            said.insert(errors[0].to_string());
        }
        for path in ["/q/library-stats", "/mcp"] {
            let request = hub
                .http
                .get(format!("{}{path}", hub.url))
                .header("accept", "application/json, text/event-stream");
            let answer = request
                .header("authorization", &bearer)
                .send()
                .await
                .unwrap();
            assert_eq!(answer.status(), 401, "{name} at {path}");
        }
    }
    assert_eq!(
        said.len(),
        2,
        "one text for each of the two codes: {said:#?}"
    );
}

/// Clients send the credential they have with every request, also with the one that gets them another.
#[tokio::test(flavor = "multi_thread")]
async fn a_credential_that_is_good_no_longer_keeps_nobody_from_signing_in() {
    let hub = Hub::start(Placement::One, &[("SECRET_KEY", SECRET.to_owned())]).await;
    let owner = hub.owner().await;
    let forge = Forge::of(owner.token.as_deref().unwrap());
    let expired = forge.claims(json!({ "iat": forge.now - 3900, "exp": forge.now - 3600 }));
    let login = "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken player { id } } problems { code } } }";
    let refresh = "mutation($token: String!) { refreshLogin(refreshToken: $token) { tokens { accessToken refreshToken player { id } } problems { code } } }";
    let both = "mutation($input: LoginInput!, $id: ID!) { login(input: $input) { problems { code } } endLogin(id: $id) { problems { code } } }";
    let words = json!({ "input": { "name": "Anna", "password": PASSWORD } });
    for (stale, code) in [
        (expired.as_str(), EXPIRED),
        ("gd_a-key-that-was-revoked", NOBODY),
        ("no token at all", NOBODY),
    ] {
        let client = hub.with_key(stale);
        let signed_in = client.ask(login, words.clone()).await;
        let again = Person::new(&hub, &signed_in["login"]);
        let refreshed = client.ask(refresh, json!({ "token": again.refresh })).await;
        let again = Person::new(&hub, &refreshed["refreshLogin"]);
        assert_eq!(
            again.ask("{ me { name } }", json!({})).await["me"]["name"],
            "Anna"
        );
        // Nothing else comes in beside it.
        let mut beside = words.clone();
        beside["id"] = json!("01920000-0000-7000-8000-000000000001");
        for (query, variables) in [
            ("{ setup { needed } }", json!({})),
            ("{ nothing }", json!({})),
            ("{", json!({})),
            (both, beside),
        ] {
            assert_eq!(client.refused(query, variables).await, code, "{query}");
        }
    }
    let by_rest = hub.http.post(format!("{}/auth/login", hub.url));
    let by_rest = by_rest.bearer_auth(&expired).json(&words["input"]);
    assert_eq!(by_rest.send().await.unwrap().status(), 200);
    // A wrong password stays wrong.
    let wrong = json!({ "input": { "name": "Anna", "password": "a guess of somebody's" } });
    let guessed = hub.with_key(&expired).ask(login, wrong).await;
    assert_eq!(
        guessed["login"]["problems"][0]["code"],
        "CREDENTIALS_REJECTED"
    );
}
