//! Tokens of an OAuth server at `/mcp`: an issuer as Keycloak is one, and one as Authentik is, both
//! over real HTTP, with the tokens, key sets and addresses that they have.

use crate::{
    hub::{Hub, Placement},
    mcp::rpc,
};
use axum::{Json, Router, routing::get};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto, jwk::Jwk};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use std::time::{SystemTime, UNIX_EPOCH};

const HUB: &str = "https://games.example";
/// What PKCS #8 puts before an RSA key of 2,048 bits, which is read without it.
const ENVELOPE: usize = 26;

/// A new key for RS256.
fn rsa() -> EncodingKey {
    let made = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    EncodingKey::from_rsa_der(&made.serialized_der()[ENVELOPE..])
}

/// A new key for ES256.
fn elliptic() -> EncodingKey {
    let made = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    EncodingKey::from_ec_der(made.serialized_der())
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs()
}

fn base64(part: &Value) -> String {
    URL_SAFE_NO_PAD.encode(part.to_string())
}

/// A key as an issuer publishes it.
fn published(key: &EncodingKey, algorithm: Algorithm, more: Value) -> Value {
    let mut jwk = serde_json::to_value(Jwk::from_encoding_key(key, algorithm).unwrap()).unwrap();
    let more = more.as_object().unwrap().clone();
    jwk.as_object_mut().unwrap().extend(more);
    jwk
}

struct Issuer {
    /// As its tokens name it.
    name: String,
    key: EncodingKey,
    header: Header,
}

impl Issuer {
    /// With its documents at these places below it.
    async fn serve(path: &str, keys_at: &str, keys: Value) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let name = format!("http://{}{path}", listener.local_addr().unwrap());
        let base = name.trim_end_matches('/');
        let about = json!({
            "issuer": name,
            "authorization_endpoint": format!("{base}/auth"),
            "token_endpoint": format!("{base}/token"),
            "jwks_uri": format!("{base}{keys_at}"),
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        });
        let path = path.trim_end_matches('/');
        let routes = Router::new()
            .route(
                &format!("{path}/.well-known/openid-configuration"),
                get(|| async move { Json(about) }),
            )
            .route(
                &format!("{path}{keys_at}"),
                get(|| async move { Json(keys) }),
            );
        tokio::spawn(async move { axum::serve(listener, routes).await });
        name
    }

    async fn keycloak() -> Self {
        let key = rsa();
        let of = |kid: &str, alg: &str, of_use: &str| {
            let more = json!({ "kid": kid, "alg": alg, "use": of_use, "x5c": ["MIICmzCCAYMCBgGa"],
                "x5t": "iI9Xi6ZiYDUkWtcgEoyIh1MZcHM", "x5t#S256": "2g6H3i6hbp0Z4bVa8mW0JX2aQ4s1n8m1Tj9wZ0w0z0E" });
            published(&key, Algorithm::RS256, more)
        };
        let keys = json!({ "keys": [of("for-encryption", "RSA-OAEP", "enc"), of("for-signing", "RS256", "sig")] });
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some("for-signing".to_owned());
        Self {
            name: Self::serve("/realms/home", "/protocol/openid-connect/certs", keys).await,
            key,
            header,
        }
    }

    async fn authentik() -> Self {
        let key = elliptic();
        let kid = "5e0b2f1d8c0f4f7f9d3a2d9a9a6b7c11";
        let keys = json!({ "keys": [published(&key, Algorithm::ES256, json!({ "kid": kid, "alg": "ES256", "use": "sig" }))] });
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(kid.to_owned());
        Self {
            // It ends in a slash, in its tokens too.
            name: Self::serve("/application/o/djinn/", "/jwks/", keys).await,
            key,
            header,
        }
    }

    /// What an access token of Keycloak says.
    fn claims(&self) -> Value {
        json!({
            "exp": now() + 300, "iat": now(), "auth_time": now() - 20,
            "jti": "onrtac:5a8f4f0e-3c1b-4a0e-9df3-1c6a2c7a7b11",
            "iss": self.name, "aud": [format!("{HUB}/mcp"), "account"],
            "sub": "f3b1c9b6-2a55-4b8e-9b8c-0a6f5d2f7c90", "typ": "Bearer", "azp": "claude",
            "sid": "0b5f1b8e-6a58-4c83-8a0b-4bb1d0a4f7aa", "acr": "1",
            "allowed-origins": ["http://localhost:6274"],
            "realm_access": { "roles": ["offline_access", "uma_authorization"] },
            "resource_access": { "account": { "roles": ["manage-account"] } },
            "scope": "openid email profile read:library run:sync admin",
            "email_verified": true, "name": "Anna Example", "preferred_username": "anna.example",
            "given_name": "Anna", "family_name": "Example", "email": "anna@example.org",
        })
    }

    fn token(&self, changes: Value) -> String {
        self.signed(&self.header, changes, &self.key)
    }

    fn signed(&self, header: &Header, changes: Value, key: &EncodingKey) -> String {
        let header = serde_json::to_value(header).unwrap();
        let message = format!("{}.{}", base64(&header), base64(&self.with(changes)));
        let algorithm = serde_json::from_value(header["alg"].clone()).unwrap();
        let signature = crypto::sign(message.as_bytes(), key, algorithm).unwrap();
        format!("{message}.{signature}")
    }

    /// The claims with these; null takes one out.
    fn with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        claims
    }
}

/// A hub that takes tokens of `issuer`; Anna is known by her address, and by her name there.
async fn hub(placement: Placement, issuer: &str) -> (Hub, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("djinn.toml");
    let text = format!(
        "[server]\npublic_url = \"{HUB}\"\n[mcp.oauth]\nissuer = \"{issuer}\"\n[mcp.oauth.people]\n\"anna@example.org\" = \"Anna\"\n\"f3b1c9b6\" = \"Nobody\"\n\"akadmin\" = \"Anna\"\n"
    );
    std::fs::write(&file, text).unwrap();
    let settings = [("DJINN_CONFIG", file.display().to_string())];
    (Hub::start(placement, &settings).await, folder)
}

async fn tools(hub: &Hub, token: &str) -> Vec<String> {
    let listed = rpc(hub, token, "tools/list", json!({})).await;
    let tools = listed["result"]["tools"].as_array();
    let tools = tools.unwrap_or_else(|| panic!("{listed}\n{}", hub.log()));
    let names = tools.iter().map(|tool| tool["name"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

async fn a_client_finds_the_issuer_and_is_let_in_by_its_token(placement: Placement) {
    let issuer = Issuer::keycloak().await;
    let (hub, _kept) = hub(placement, &issuer.name).await;
    hub.owner().await;

    // As a client does it: refused, told where to read on, and from there to the issuer.
    let refused = hub
        .http
        .post(format!("{}/mcp", hub.url))
        .send()
        .await
        .unwrap();
    assert_eq!(refused.status(), 401);
    let place = "/.well-known/oauth-protected-resource/mcp";
    assert_eq!(
        refused.headers()["www-authenticate"],
        format!("Bearer resource_metadata=\"{HUB}{place}\"")
    );
    let about = hub
        .http
        .get(format!("{}{place}", hub.url))
        .send()
        .await
        .unwrap();
    let about: Value = about.json().await.unwrap();
    assert_eq!(about["resource"], format!("{HUB}/mcp"));
    // Older clients ask the hub itself for what its issuer says, and are sent there.
    let older = "/.well-known/oauth-authorization-server";
    let sent_on = hub.http.get(format!("{}{older}", hub.url));
    let of_issuer: Value = sent_on.send().await.unwrap().json().await.unwrap();
    assert_eq!(of_issuer["issuer"], about["authorization_servers"][0]);
    assert_eq!(about["authorization_servers"], json!([issuer.name]));
    let scopes = about["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&json!("read:library")), "{about}");
    assert!(!scopes.contains(&json!("admin")), "{about}");

    let token = issuer.token(json!({}));
    let names = tools(&hub, &token).await;
    assert!(names.contains(&"search_games".to_owned()), "{names:?}");
    assert!(
        names.contains(&"sync_platform_library".to_owned()),
        "{names:?}"
    );
    // What the token does not allow is not there, whatever the account may do.
    assert!(!names.contains(&"merge_games".to_owned()), "{names:?}");
    let call = json!({ "name": "update_game_status", "arguments": { "gameId": "x" } });
    let called = rpc(&hub, &token, "tools/call", call).await;
    assert_eq!(
        called["result"]["content"][0]["text"],
        "FORBIDDEN: this needs the scope write:library"
    );
    // It was made for `/mcp`, and opens nothing else.
    let elsewhere = hub.with_key(&token);
    assert_eq!(
        elsewhere.refused("{ me { id } }", json!({})).await,
        "UNAUTHENTICATED"
    );
    for url in [
        format!("{}/mcp/{token}", hub.url),
        format!("{}/q/library-stats", hub.url),
    ] {
        let answer = hub
            .http
            .post(&url)
            .bearer_auth(&token)
            .send()
            .await
            .unwrap();
        assert!(!answer.status().is_success(), "{url}: {}", answer.status());
    }
}

async fn another_issuers_shape_is_as_good(placement: Placement) {
    let issuer = Issuer::authentik().await;
    let (hub, _kept) = hub(placement, &issuer.name).await;
    hub.owner().await;
    let theirs = json!({
        "sub": "1bfe4a0e4d3c3a7c9b0f4f0b0c9d8e7f6a5b4c3d2e1f00112233445566778899",
        "aud": format!("{HUB}/mcp"), "azp": "djinn", "uid": "GyG5fUxp2WmLGJ3rKEBzQ",
        "acr": "goauthentik.io/providers/oauth2/default", "amr": ["pwd"], "groups": ["family"],
        "scope": "openid profile email", "email": "somebody@example.org", "email_verified": false,
        "preferred_username": "akadmin", "nickname": "akadmin", "name": "Anna",
    });
    // No scope of ours in it: then it reads.
    let names = tools(&hub, &issuer.token(theirs.clone())).await;
    assert!(names.contains(&"search_games".to_owned()), "{names:?}");
    assert!(
        !names.contains(&"sync_platform_library".to_owned()),
        "{names:?}"
    );

    // An address that nobody has checked is not believed.
    let mut typed = theirs;
    typed["preferred_username"] = json!("mallory");
    typed["email"] = json!("anna@example.org");
    let refused = rpc(&hub, &issuer.token(typed.clone()), "tools/list", json!({})).await;
    assert_eq!(
        refused["errors"][0]["extensions"]["code"],
        "UNAUTHENTICATED"
    );
    typed["email_verified"] = json!(true);
    assert!(!tools(&hub, &issuer.token(typed)).await.is_empty());
}

async fn no_other_token_is_taken(placement: Placement) {
    let issuer = Issuer::keycloak().await;
    let (hub, _kept) = hub(placement, &issuer.name).await;
    hub.owner().await;
    let good = issuer.token(json!({}));
    assert!(!tools(&hub, &good).await.is_empty());

    let stranger = rsa();
    let header = |change: &dyn Fn(&mut Header)| {
        let mut header = issuer.header.clone();
        change(&mut header);
        header
    };
    let own = |header: &Header| issuer.signed(header, json!({}), &issuer.key);
    let unsigned = |algorithm: &str| {
        let header = json!({ "alg": algorithm, "typ": "JWT", "kid": "for-signing" });
        format!("{}.{}.", base64(&header), base64(&issuer.claims()))
    };
    let jwk = Jwk::from_encoding_key(&issuer.key, Algorithm::RS256).unwrap();
    let public = serde_json::to_string(&jwk).unwrap();
    let symmetric = header(&|header| header.alg = Algorithm::HS256);
    let symmetric = issuer.signed(
        &symmetric,
        json!({}),
        &EncodingKey::from_secret(public.as_bytes()),
    );
    let (head, signature) = good.rsplit_once('.').unwrap();
    let forged = [
        ("alg none", unsigned("none")),
        ("alg None", unsigned("None")),
        (
            "alg none with a signature",
            format!("{}{signature}", unsigned("none")),
        ),
        ("no signature", format!("{head}.")),
        ("another's signature", {
            let other = issuer.token(json!({ "scope": "read:library write:library" }));
            format!("{}.{signature}", other.rsplit_once('.').unwrap().0)
        }),
        (
            "a stranger's key",
            issuer.signed(&issuer.header, json!({}), &stranger),
        ),
        ("a stranger's key in the header", {
            let header = header(&|header| {
                header.jwk = Some(Jwk::from_encoding_key(&stranger, Algorithm::RS256).unwrap());
            });
            issuer.signed(&header, json!({}), &stranger)
        }),
        ("HS256 by the public key", symmetric),
        (
            "the key for encryption",
            own(&header(&|header| {
                header.kid = Some("for-encryption".to_owned());
            })),
        ),
        (
            "a key there is not",
            own(&header(&|header| header.kid = Some("of-old".to_owned()))),
        ),
        (
            "something critical",
            own(&header(&|header| {
                header.crit = Some(vec!["b64".to_owned()]);
            })),
        ),
        (
            "for another resource",
            issuer.token(json!({ "aud": "https://other.example/mcp" })),
        ),
        (
            "for the hub and not /mcp",
            issuer.token(json!({ "aud": HUB })),
        ),
        (
            "for the client, as an ID token",
            issuer.token(json!({ "aud": "claude", "typ": "ID" })),
        ),
        ("for nobody", issuer.token(json!({ "aud": null }))),
        (
            "of another issuer",
            issuer.token(json!({ "iss": "https://evil.example/realms/home" })),
        ),
        (
            "of the issuer, nearly",
            issuer.token(json!({ "iss": format!("{}/", issuer.name) })),
        ),
        ("of nobody", issuer.token(json!({ "iss": null }))),
        ("ended", issuer.token(json!({ "exp": now() - 1 }))),
        ("without an end", issuer.token(json!({ "exp": null }))),
        ("not yet", issuer.token(json!({ "nbf": now() + 3600 }))),
        (
            "of somebody unknown",
            issuer.token(json!({ "email": "eve@example.org", "preferred_username": "eve" })),
        ),
        (
            "of somebody who has no account",
            issuer.token(json!({ "sub": "f3b1c9b6", "email": null })),
        ),
    ];
    let list = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list" });
    for (what, token) in forged {
        let request = hub.http.post(format!("{}/mcp", hub.url)).bearer_auth(token);
        let request = request.header("accept", "application/json, text/event-stream");
        let answer = request.json(&list).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{what}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(
            challenge.starts_with("Bearer error=\"invalid_token\", resource_metadata="),
            "{what}: {challenge}"
        );
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(
            answer["errors"][0]["message"], "the key is wrong, expired or revoked",
            "{what}"
        );
    }
    assert!(!tools(&hub, &good).await.is_empty());
}

async fn an_issuer_that_does_not_answer_keeps_out_its_tokens_and_nobody_else(placement: Placement) {
    let mut issuer = Issuer::keycloak().await;
    // Nothing listens there.
    "http://127.0.0.1:9/realms/home".clone_into(&mut issuer.name);
    let (hub, _kept) = hub(placement, &issuer.name).await;
    let owner = hub.owner().await;
    let made = owner
        .ask("mutation { createApiKey(input: { name: \"desk\", scopes: [READ_LIBRARY] }) { secret } }", json!({}))
        .await;
    let key = made["createApiKey"]["secret"].as_str().unwrap();
    assert!(!tools(&hub, key).await.is_empty());
    let refused = rpc(&hub, &issuer.token(json!({})), "tools/list", json!({})).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    let text = refused.to_string();
    assert!(!text.contains("127.0.0.1"), "{text}");
}

crate::in_both_placements!(
    a_client_finds_the_issuer_and_is_let_in_by_its_token,
    another_issuers_shape_is_as_good,
    no_other_token_is_taken,
    an_issuer_that_does_not_answer_keeps_out_its_tokens_and_nobody_else
);
