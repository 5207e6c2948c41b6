use crate::hub::{Hub, PASSWORD, codes};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use djinn_kernel::Viewer;
use futures_util::future::join_all;
use serde_json::{Value, json};

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let hub = Hub::new().await;
    hub.set_up().await;
    let wrong = hub.login("Ann", "not her password").await;
    let unknown = hub.login("Bob", "not his password").await;
    assert_eq!(codes(&wrong), ["CREDENTIALS_REJECTED"]);
    assert_eq!(wrong, unknown);
    let right = hub.login("  ANN ", PASSWORD).await;
    assert_eq!(right["problems"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_thirty_guesses_at_once_five_are_looked_at_and_open_logins_go_on() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let guesses = join_all((0..30).map(|n| {
        let hub = &hub;
        async move { hub.login("Ann", &format!("guess number {n}")).await }
    }))
    .await;
    let looked_at = guesses
        .iter()
        .filter(|guess| codes(guess) == ["CREDENTIALS_REJECTED"])
        .count();
    assert_eq!(looked_at, 5);
    let locked = hub.login("Ann", PASSWORD).await;
    assert_eq!(codes(&locked), ["RATE_LIMITED"]);
    assert!(
        text(&locked["problems"][0]["message"]).contains("61 seconds"),
        "{locked}"
    );
    assert_eq!(
        codes(&hub.login("Bob", PASSWORD).await),
        ["CREDENTIALS_REJECTED"]
    );
    // Whoever is in stays in.
    assert!(hub.identify(text(&tokens["accessToken"])).await.is_ok());
    assert!(
        !hub.refresh(text(&tokens["refreshToken"])).await["data"]["refreshLogin"]["tokens"]
            .is_null()
    );
    hub.world.clock.advance(TimeDelta::seconds(60));
    assert_eq!(hub.login("Ann", PASSWORD).await["problems"], json!([]));
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_login() {
    let hub = Hub::new().await;
    let first = hub.set_up().await;
    let second =
        hub.refresh(text(&first["refreshToken"])).await["data"]["refreshLogin"]["tokens"].take();
    assert_ne!(second["refreshToken"], first["refreshToken"]);
    assert!(hub.identify(text(&second["accessToken"])).await.is_ok());

    let reused = hub.refresh(text(&first["refreshToken"])).await["data"]["refreshLogin"].take();
    assert_eq!(codes(&reused), ["REFRESH_REUSED"]);
    // Thief or owner: whoever holds the newest token is out as well.
    let after = hub.refresh(text(&second["refreshToken"])).await;
    assert_eq!(
        after["errors"][0]["extensions"]["code"],
        json!("UNAUTHENTICATED")
    );
    assert_eq!(
        hub.identify(text(&second["accessToken"])).await,
        Err("UNAUTHENTICATED".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_refreshes_with_one_token_one_succeeds_and_the_login_ends() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let answers = join_all((0..100).map(|_| hub.refresh(text(&tokens["refreshToken"])))).await;
    let won: Vec<_> = answers
        .iter()
        .filter(|answer| !answer["data"]["refreshLogin"]["tokens"].is_null())
        .collect();
    assert_eq!(won.len(), 1);
    let access = text(&won[0]["data"]["refreshLogin"]["tokens"]["accessToken"]);
    assert_eq!(
        hub.identify(access).await,
        Err("UNAUTHENTICATED".to_owned())
    );
}

#[tokio::test]
async fn a_login_that_is_not_used_for_thirty_days_is_over() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    hub.world.clock.advance(TimeDelta::days(29));
    let tokens =
        hub.refresh(text(&tokens["refreshToken"])).await["data"]["refreshLogin"]["tokens"].take();
    hub.world.clock.advance(TimeDelta::days(30));
    let late = hub.refresh(text(&tokens["refreshToken"])).await;
    assert_eq!(
        late["errors"][0]["extensions"]["code"],
        json!("UNAUTHENTICATED")
    );
}

#[tokio::test]
async fn after_logging_out_neither_token_works() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let ann = hub.viewer(&tokens).await;
    let mut ended = hub.world.ports.bus.watch(djinn_session::LOGINS_TOPIC);
    let payload = hub
        .data(
            &ann,
            "mutation { logout { ok problems { code } } }",
            json!({}),
        )
        .await;
    assert_eq!(payload["logout"], json!({ "ok": true, "problems": [] }));
    // Before it would have looked again by itself.
    tokio::time::timeout(std::time::Duration::from_secs(4), ended.poked())
        .await
        .unwrap();
    assert_eq!(
        hub.identify(text(&tokens["accessToken"])).await,
        Err("UNAUTHENTICATED".to_owned())
    );
    let refresh = hub.refresh(text(&tokens["refreshToken"])).await;
    assert_eq!(
        refresh["errors"][0]["extensions"]["code"],
        json!("UNAUTHENTICATED")
    );
    assert_eq!(
        hub.error(&Viewer::Anonymous, "mutation { logout { ok } }", json!({}))
            .await,
        "UNAUTHENTICATED"
    );
}

#[tokio::test]
async fn yesterdays_token_has_expired() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    assert_eq!(tokens["expiresAt"], json!("2026-01-02T03:14:05+00:00"));
    hub.world
        .clock
        .advance(TimeDelta::minutes(10) - TimeDelta::seconds(1));
    assert!(hub.identify(text(&tokens["accessToken"])).await.is_ok());
    hub.world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(
        hub.identify(text(&tokens["accessToken"])).await,
        Err("TOKEN_EXPIRED".to_owned())
    );
    hub.world.clock.advance(TimeDelta::days(1));
    assert_eq!(
        hub.identify(text(&tokens["accessToken"])).await,
        Err("TOKEN_EXPIRED".to_owned())
    );
}

#[tokio::test]
async fn forged_tokens_are_nobody() {
    use jsonwebtoken::{Algorithm, EncodingKey, Header};
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let good = text(&tokens["accessToken"]);
    let parts: Vec<&str> = good.split('.').collect();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[0]).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).unwrap()).unwrap();
    assert_eq!(header["alg"], json!("EdDSA"));
    let write = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let mut none = header.clone();
    none["alg"] = json!("none");
    let mut longer = claims.clone();
    longer["exp"] = json!(claims["exp"].as_i64().unwrap() + 3600);
    let mut hs256 = Header::new(Algorithm::HS256);
    hs256.kid = header["kid"].as_str().map(str::to_owned);
    let with_hub_key = jsonwebtoken::encode(
        &hs256,
        &claims,
        &EncodingKey::from_secret(&hub.world.ports.keys.hub),
    );
    let with_seed = jsonwebtoken::encode(
        &hs256,
        &claims,
        &EncodingKey::from_secret(&hub.world.ports.keys.access),
    );
    let foreign = djinn_subgraph_kit::ports::Keys {
        access: [9; 32],
        ..hub.world.ports.keys
    };
    let (identity, _) =
        djinn_session::login::access::verify(&hub.world.ports.keys, &*hub.world.ports.clock, good)
            .unwrap();
    let (foreign, _) = djinn_session::login::access::sign(
        &foreign,
        &*hub.world.ports.clock,
        &*hub.world.ports.ids,
        &identity,
        identity.login.unwrap(),
    )
    .unwrap();
    for forged in [
        String::new(),
        "..".to_owned(),
        "gd_".to_owned(),
        "not a token".to_owned(),
        format!("{}.{}.", write(&none), parts[1]),
        format!("{}.{}.{}", write(&none), parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], write(&longer), parts[2]),
        format!(
            "{}.{}.{}",
            parts[0],
            parts[1],
            URL_SAFE_NO_PAD.encode([0; 64])
        ),
        format!(
            "{}.{}.{}",
            write(&json!({ "alg": "EdDSA" })),
            parts[1],
            parts[2]
        ),
        format!(
            "{}.{}.{}",
            write(&json!({ "alg": "EdDSA", "kid": "../../etc/passwd" })),
            parts[1],
            parts[2]
        ),
        format!("{good}.{good}"),
        "a".repeat(10_000),
        with_hub_key.unwrap(),
        with_seed.unwrap(),
        foreign,
        djinn_subgraph_kit::token::sign(
            &hub.world.ports.keys,
            &*hub.world.ports.clock,
            &Viewer::Hub,
        ),
    ] {
        assert_eq!(
            hub.identify(&forged).await,
            Err("UNAUTHENTICATED".to_owned()),
            "{forged}"
        );
    }
    assert!(hub.identify(good).await.is_ok());
}

#[tokio::test]
async fn only_the_hub_may_ask_whom_a_credential_belongs_to() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let ann = hub.viewer(&tokens).await;
    let query = "query($c: String!) { identify(credential: $c) { viewer } }";
    for viewer in [Viewer::Anonymous, ann] {
        let code = hub
            .error(&viewer, query, json!({ "c": tokens["accessToken"] }))
            .await;
        assert_eq!(code, "FORBIDDEN");
    }
}

#[tokio::test]
async fn a_guardian_sees_and_ends_the_logins_of_the_household() {
    let hub = Hub::new().await;
    let ann = hub.admin().await;
    let kid = hub.profile(&ann, "Kid").await;
    let tablet = hub.use_profile(&ann, &kid).await;
    let logins = "query($first: Int, $after: String) { logins(first: $first, after: $after) {
        nodes { id device current } pageInfo { hasNextPage endCursor } totalCount } }";
    let page = hub.data(&ann, logins, json!({ "first": 1 })).await["logins"].take();
    assert_eq!(page["totalCount"], json!(2));
    assert_eq!(page["pageInfo"]["hasNextPage"], json!(true));
    assert_eq!(page["nodes"][0]["current"], json!(false));
    let next = json!({ "first": 1, "after": page["pageInfo"]["endCursor"] });
    let rest = hub.data(&ann, logins, next).await["logins"].take();
    assert_eq!(rest["nodes"][0]["current"], json!(true));
    assert_eq!(rest["nodes"][0]["device"], json!("laptop"));
    assert_eq!(rest["pageInfo"]["hasNextPage"], json!(false));

    let end = "mutation($id: ID!) { endLogin(id: $id) { ok problems { code } } }";
    let child = hub.viewer(&tablet).await;
    assert_eq!(
        hub.error(&child, end, json!({ "id": rest["nodes"][0]["id"] }))
            .await,
        "FORBIDDEN"
    );
    assert_eq!(
        hub.data(&ann, end, json!({ "id": page["nodes"][0]["id"] }))
            .await["endLogin"]["ok"],
        json!(true)
    );
    assert_eq!(
        hub.identify(text(&tablet["accessToken"])).await,
        Err("UNAUTHENTICATED".to_owned())
    );
    let again = hub
        .data(&ann, end, json!({ "id": page["nodes"][0]["id"] }))
        .await["endLogin"]
        .take();
    assert_eq!(codes(&again), ["NOT_FOUND"]);
    let nonsense = hub.data(&ann, end, json!({ "id": "nonsense" })).await["endLogin"].take();
    assert_eq!(codes(&nonsense), ["INVALID_ID"]);
}

const NONCE: &str = "a nonce of one client";

async fn refresh_with(hub: &Hub, token: &str, nonce: &str) -> Value {
    const QUERY: &str = "mutation($token: String!, $nonce: String) { refreshLogin(refreshToken: $token, nonce: $nonce) {
        tokens { accessToken refreshToken } problems { code field } } }";
    let input = json!({ "token": token, "nonce": nonce });
    hub.ask(&Viewer::Anonymous, QUERY, input).await["data"]["refreshLogin"].take()
}

#[tokio::test]
async fn a_lost_answer_is_given_again_to_whoever_has_the_nonce() {
    let hub = Hub::new().await;
    let first = hub.set_up().await;
    let token = text(&first["refreshToken"]);
    let lost = refresh_with(&hub, token, NONCE).await;
    hub.world.clock.advance(TimeDelta::seconds(10));
    let again = refresh_with(&hub, token, NONCE).await;
    assert_eq!(
        again["tokens"]["refreshToken"],
        lost["tokens"]["refreshToken"]
    );
    assert!(
        hub.identify(text(&again["tokens"]["accessToken"]))
            .await
            .is_ok()
    );
    // And it goes on from there like any other.
    let next = text(&again["tokens"]["refreshToken"]);
    assert!(!hub.refresh(next).await["data"]["refreshLogin"]["tokens"].is_null());
}

#[tokio::test]
async fn the_grace_is_over_after_ten_seconds_or_for_another_nonce_or_once_the_answer_was_used() {
    let late = async |hub: &Hub, _: &Value| hub.world.clock.advance(TimeDelta::seconds(11));
    let used = async |hub: &Hub, next: &Value| {
        hub.refresh(text(next)).await;
    };
    let nothing = async |_: &Hub, _: &Value| {};
    for (nonce, case) in [(NONCE, 0), ("another client's nonce", 1), (NONCE, 2)] {
        let hub = Hub::new().await;
        let first = hub.set_up().await;
        let token = text(&first["refreshToken"]);
        let given = refresh_with(&hub, token, NONCE).await["tokens"].take();
        match case {
            0 => late(&hub, &given["refreshToken"]).await,
            1 => nothing(&hub, &given["refreshToken"]).await,
            _ => used(&hub, &given["refreshToken"]).await,
        }
        let reused = refresh_with(&hub, token, nonce).await;
        assert_eq!(codes(&reused), ["REFRESH_REUSED"], "case {case}");
        assert_eq!(
            hub.identify(text(&given["accessToken"])).await,
            Err("UNAUTHENTICATED".to_owned())
        );
    }
}

#[tokio::test]
async fn without_a_nonce_there_is_no_grace_and_a_short_one_is_none() {
    let hub = Hub::new().await;
    let first = hub.set_up().await;
    let token = text(&first["refreshToken"]);
    let short = refresh_with(&hub, token, "1").await;
    assert_eq!(
        short["problems"],
        json!([{ "code": "INVALID_INPUT", "field": "nonce" }])
    );
    hub.refresh(token).await;
    assert_eq!(
        codes(&refresh_with(&hub, token, NONCE).await),
        ["REFRESH_REUSED"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_refreshes_with_one_token_and_one_nonce_are_one() {
    let hub = Hub::new().await;
    let tokens = hub.set_up().await;
    let token = text(&tokens["refreshToken"]);
    let answers = join_all((0..100).map(|_| refresh_with(&hub, token, NONCE))).await;
    let next = &answers[0]["tokens"]["refreshToken"];
    assert!(next.is_string(), "{:?}", answers[0]);
    assert!(
        answers
            .iter()
            .all(|answer| answer["tokens"]["refreshToken"] == *next)
    );
    assert!(!hub.refresh(text(next)).await["data"]["refreshLogin"]["tokens"].is_null());
}

/// Signs in from an address.
async fn login_from(hub: &Hub, address: &str, name: &str, password: &str) -> Value {
    const QUERY: &str =
        "mutation($input: LoginInput!) { login(input: $input) { problems { code message } } }";
    let input = json!({ "input": { "name": name, "password": password } });
    let mut call = djinn_testkit::viewers::call(&Viewer::Anonymous, QUERY, input);
    call.client = Some(djinn_subgraph_kit::ClientAddress::new(
        address.parse().unwrap(),
    ));
    let answer = crate::hub::answer(hub.subgraph.execute(call).await.unwrap());
    answer["data"]["login"].clone()
}

#[tokio::test]
async fn an_address_that_guesses_at_many_names_has_to_wait_and_others_do_not() {
    let hub = Hub::new().await;
    hub.set_up().await;
    // Those who sign in rightly are no guessers, however many they are.
    for _ in 0..40 {
        assert_eq!(
            login_from(&hub, "192.0.2.7", "Ann", PASSWORD).await["problems"],
            json!([])
        );
    }
    for guess in 0..10 {
        let name = format!("name {guess}");
        let refused = login_from(&hub, "192.0.2.7", &name, "Password of many").await;
        assert_eq!(codes(&refused), ["CREDENTIALS_REJECTED"], "{guess}");
    }
    let refused = login_from(&hub, "::ffff:192.0.2.7", "Ann", PASSWORD).await;
    assert_eq!(codes(&refused), ["RATE_LIMITED"]);
    assert!(text(&refused["problems"][0]["message"]).contains("from this address"));
    // Neither the name nor anybody else has to wait.
    assert_eq!(
        login_from(&hub, "192.0.2.8", "Ann", PASSWORD).await["problems"],
        json!([])
    );
    hub.world.clock.advance(TimeDelta::minutes(10));
    assert_eq!(
        login_from(&hub, "192.0.2.7", "Ann", PASSWORD).await["problems"],
        json!([])
    );
}

#[tokio::test]
async fn a_network_of_ipv6_is_one_address() {
    let hub = Hub::new().await;
    hub.set_up().await;
    for guess in 0..10 {
        let from = format!("2001:db8::{guess:x}");
        login_from(&hub, &from, &format!("name {guess}"), "Password of many").await;
    }
    let refused = login_from(&hub, "2001:db8::ffff", "Ann", PASSWORD).await;
    assert_eq!(codes(&refused), ["RATE_LIMITED"]);
}

#[tokio::test]
async fn whoever_guesses_at_a_name_from_everywhere_makes_its_owner_wait_nowhere_they_are_known() {
    let hub = Hub::new().await;
    hub.set_up().await;
    let home = "192.0.2.7";
    assert_eq!(
        login_from(&hub, home, "Ann", PASSWORD).await["problems"],
        json!([])
    );
    // A guess from each of many networks: five are looked at, whatever their number.
    let mut looked_at = 0;
    for network in 0..40 {
        let from = format!("198.51.100.{network}");
        let refused = login_from(&hub, &from, "Ann", "Password of many").await;
        looked_at += usize::from(codes(&refused) == ["CREDENTIALS_REJECTED"]);
    }
    assert_eq!(looked_at, 5);
    let elsewhere = login_from(&hub, "203.0.113.1", "Ann", PASSWORD).await;
    assert_eq!(codes(&elsewhere), ["RATE_LIMITED"]);
    for _ in 0..3 {
        assert_eq!(
            login_from(&hub, home, "Ann", PASSWORD).await["problems"],
            json!([])
        );
    }
    // At home a name may be guessed at no more often than anywhere, and guesses do not add up to
    // a way in: those from elsewhere still wait.
    for guess in 0..5 {
        let refused = login_from(&hub, home, "Ann", "Password of many").await;
        assert_eq!(codes(&refused), ["CREDENTIALS_REJECTED"], "{guess}");
    }
    assert_eq!(
        codes(&login_from(&hub, home, "Ann", PASSWORD).await),
        ["RATE_LIMITED"]
    );
    assert_eq!(
        codes(&login_from(&hub, "203.0.113.1", "Ann", PASSWORD).await),
        ["RATE_LIMITED"]
    );
    // A quarter of an hour is the longest wait there is.
    hub.world.clock.advance(TimeDelta::minutes(15));
    for from in [home, "203.0.113.1"] {
        assert_eq!(
            login_from(&hub, from, "Ann", PASSWORD).await["problems"],
            json!([]),
            "{from}"
        );
    }
    // Three months later it is a network like any other.
    hub.world.clock.advance(TimeDelta::days(91));
    for network in 0..5 {
        let from = format!("198.51.100.{network}");
        login_from(&hub, &from, "Ann", "Password of many").await;
    }
    assert_eq!(
        codes(&login_from(&hub, home, "Ann", PASSWORD).await),
        ["RATE_LIMITED"]
    );
}
