//! The same graph for those who speak REST: a household's evening, by `curl` alone.

mod sign_in;

use crate::hub::{Hub, PASSWORD, Placement};
use reqwest::{Method, header::HeaderMap};
use serde_json::{Value, json};
use std::time::Duration;

const CSV: &str = "title,platform,playtime_minutes,genres\nPortal 2,steam,600,Puzzle\nHades,steam,0,Action\nTetris,shelf,30,Puzzle\n";

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .unwrap_or_else(|| panic!("no {name}: {:?}", self.headers))
            .to_str()
            .unwrap()
    }

    /// The code of a refusal, which has the form of RFC 9457.
    fn problem(&self) -> &str {
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body["status"], self.status);
        assert!(self.body["title"].is_string() && self.body["detail"].is_string());
        assert_eq!(self.body["requestId"], self.header("x-request-id"));
        self.body["code"].as_str().unwrap()
    }
}

/// Somebody with `curl`.
struct Caller<'h> {
    hub: &'h Hub,
    token: Option<String>,
}

impl Caller<'_> {
    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .hub
            .http
            .request(method, format!("{}{path}", self.hub.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        read(self.request(Method::GET, path)).await
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> Answer {
        read(self.request(method, path).json(&body)).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, body).await
    }
}

async fn read(request: reqwest::RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    Answer {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

async fn open(placement: Placement) -> Hub {
    let settings = [("DJINN__LIMITS__ANONYMOUS_DOCUMENTS", "trusted".to_owned())];
    Hub::start(placement, &settings).await
}

/// Sets the hub up and signs in, by REST alone.
async fn anna(hub: &Hub) -> Caller<'_> {
    let nobody = Caller { hub, token: None };
    assert_eq!(nobody.get("/auth/setup").await.body["needed"], true);
    let token = hub.setup_token.as_ref().unwrap();
    let setup = json!({ "token": token, "name": "Anna", "password": PASSWORD });
    let done = nobody.post("/auth/setup", setup.clone()).await;
    assert_eq!(
        (done.status, done.header("cache-control")),
        (201, "no-store")
    );
    let again = nobody.post("/auth/setup", setup).await;
    assert_eq!((again.status, again.problem()), (409, "SETUP_DONE"));
    let login = json!({ "name": "anna", "password": PASSWORD, "device": "curl" });
    let login = nobody.post("/auth/login", login).await;
    assert_eq!(login.status, 200);
    let token = login.body["accessToken"].as_str().unwrap().to_owned();
    Caller {
        hub,
        token: Some(token),
    }
}

async fn a_library_is_filled_searched_and_marked(placement: Placement) {
    let hub = open(placement).await;
    let anna = anna(&hub).await;
    let filled = anna
        .post("/api/import", json!({ "format": "CSV", "content": CSV }))
        .await;
    assert_eq!((filled.status, &filled.body["added"]), (200, &json!(3)));
    assert_eq!(filled.body.get("problems"), None);
    let matched = async {
        while anna.get("/api/stats").await.body["games"] != 3 {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let matched = tokio::time::timeout(Duration::from_secs(30), matched).await;
    matched.expect("every copy belongs to a game");

    // Page by page, as the Link header says.
    let mut path = "/api/games?sort=TITLE&first=2&genres=Puzzle&genres=Action".to_owned();
    let mut titles = Vec::new();
    loop {
        let page = anna.get(&path).await;
        assert_eq!((page.status, &page.body["totalCount"]), (200, &json!(3)));
        let nodes = page.body["nodes"].as_array().unwrap();
        titles.extend(
            nodes
                .iter()
                .map(|game| game["title"].as_str().unwrap().to_owned()),
        );
        let Some(link) = page.headers.get("link") else {
            break;
        };
        let (next, _) = link.to_str().unwrap().split_once('>').unwrap();
        next.trim_start_matches('<').clone_into(&mut path);
    }
    assert_eq!(titles, ["Hades", "Portal 2", "Tetris"]);
    let played = anna.get("/api/games?playtime.from=100&query=portl").await;
    let game = &played.body["nodes"][0];
    assert_eq!(
        (
            &game["title"],
            played.body["nodes"].as_array().unwrap().len()
        ),
        (&json!("Portal 2"), 1)
    );
    let id = game["id"].as_str().unwrap();
    assert_eq!(anna.get("/api/games/recent").await.status, 200);

    let place = format!("/api/games/{id}");
    let change =
        json!({ "status": "completed", "favourite": true, "myRating": 90, "notes": "cake" });
    let marked = anna.send(Method::PATCH, &place, change).await;
    assert_eq!(marked.status, 200, "{}", marked.body);
    assert_eq!(
        (&marked.body["status"]["id"], &marked.body["myRating"]),
        (&json!("completed"), &json!(90))
    );
    // What is left out stays; null removes.
    let erased = anna
        .send(Method::PATCH, &place, json!({ "myRating": null }))
        .await;
    assert_eq!(
        (&erased.body["myRating"], &erased.body["notes"]),
        (&Value::Null, &json!("cake"))
    );

    let seen = anna.get(&place).await;
    assert_eq!(seen.header("cache-control"), "private, no-cache");
    let tag = seen.header("etag").to_owned();
    let same = read(
        anna.request(Method::GET, &place)
            .header("if-none-match", &tag),
    )
    .await;
    assert_eq!((same.status, &same.body), (304, &json!("")));
    let head = read(anna.request(Method::HEAD, &place)).await;
    assert_eq!(
        (head.status, head.header("etag"), &head.body),
        (200, tag.as_str(), &json!(""))
    );
}

async fn a_refusal_says_what_is_wrong_in_one_form(placement: Placement) {
    let hub = open(placement).await;
    let anna = anna(&hub).await;
    let nobody = Caller {
        hub: &hub,
        token: None,
    };
    let wrong_key = Caller {
        hub: &hub,
        token: Some("gd_nonsense".to_owned()),
    };

    let stranger = nobody.get("/api/libraries").await;
    assert_eq!(
        (stranger.status, stranger.problem()),
        (401, "UNAUTHENTICATED")
    );
    assert_eq!(stranger.header("www-authenticate"), "Bearer");
    assert_eq!(nobody.get("/api/me").await.status, 401);
    assert_eq!(wrong_key.get("/auth/setup").await.status, 401);
    let missing = anna
        .get("/api/games/00000000-0000-7000-8000-000000000000")
        .await;
    assert_eq!((missing.status, missing.problem()), (404, "NOT_FOUND"));
    let nowhere = anna.get("/api/nothing/here").await;
    assert_eq!((nowhere.status, nowhere.problem()), (404, "NOT_FOUND"));

    let method = anna
        .send(Method::DELETE, "/api/games/recent", json!({}))
        .await;
    assert_eq!(
        (method.status, method.problem()),
        (405, "METHOD_NOT_ALLOWED")
    );
    assert_eq!(method.header("allow"), "GET, PATCH, HEAD, OPTIONS");
    let options = read(anna.request(Method::OPTIONS, "/auth/login")).await;
    assert_eq!(
        (options.status, options.header("allow")),
        (204, "POST, OPTIONS")
    );

    for (path, body, field) in [
        ("/auth/login", json!({ "name": "Anna" }), "password"),
        (
            "/auth/login",
            json!({ "name": "Anna", "password": 7 }),
            "password",
        ),
        (
            "/auth/login",
            json!({ "name": "Anna", "password": "x", "colour": 1 }),
            "colour",
        ),
        (
            "/api/profiles",
            json!({ "name": "Kid", "ceiling": "NONE" }),
            "ceiling",
        ),
        (
            "/api/libraries",
            json!({ "platform": "steam", "fields": [{ "name": "a" }] }),
            "fields.0.value",
        ),
    ] {
        let refused = anna.post(path, body).await;
        assert_eq!(
            (refused.status, refused.problem()),
            (400, "INVALID_INPUT"),
            "{path}"
        );
        assert_eq!(
            refused.body["errors"][0]["field"], field,
            "{}",
            refused.body
        );
        // What was typed may have been a password.
        assert!(
            !refused.body.to_string().contains("\"x\""),
            "{}",
            refused.body
        );
    }
    for (path, field) in [
        ("/api/games?first=many", "first"),
        ("/api/games?colour=red", "colour"),
        ("/api/games?released.from=soon", "released.from"),
        ("/api/games?query=a&query=b", "query"),
    ] {
        let refused = anna.get(path).await;
        assert_eq!(
            (refused.status, refused.problem()),
            (400, "VARIABLE_INVALID"),
            "{path}"
        );
        assert_eq!(refused.body["errors"][0]["field"], field, "{path}");
    }
    let kind = anna.get("/api/games?kinds=CAR").await;
    assert_eq!((kind.status, kind.problem()), (400, "INVALID_INPUT"));
    let page = anna.get("/api/games?first=500").await;
    assert_eq!(page.status, 400, "{}", page.problem());
    // A refusal of the graph, out of a payload: the words are the subgraph's.
    let weak = json!({ "name": "Anna", "password": "not the password" });
    let refused = anna.post("/auth/login", weak).await;
    assert_eq!(
        (refused.status, refused.problem()),
        (401, "CREDENTIALS_REJECTED")
    );

    let with_id = anna
        .send(Method::PATCH, "/api/games/1", json!({ "id": "2" }))
        .await;
    assert_eq!(
        (with_id.status, with_id.problem()),
        (400, "VARIABLE_INVALID")
    );
    let both = anna.post("/auth/login?name=Anna", json!({})).await;
    assert_eq!((both.status, both.problem()), (400, "BAD_REQUEST"));
    let list = anna.post("/auth/login", json!([1])).await;
    assert_eq!((list.status, list.problem()), (400, "BAD_REQUEST"));
    let form = anna
        .request(Method::POST, "/auth/login")
        .header("content-type", "text/plain")
        .body("{}");
    let form = read(form).await;
    assert_eq!(
        (form.status, form.problem()),
        (415, "UNSUPPORTED_MEDIA_TYPE")
    );
}

async fn a_page_of_another_site_changes_and_reads_nothing(placement: Placement) {
    let hub = open(placement).await;
    let anna = anna(&hub).await;
    let nobody = Caller {
        hub: &hub,
        token: None,
    };
    // What a form can send.
    let login = format!(r#"{{"name":"Anna","password":"{PASSWORD}"}}"#);
    let form = nobody
        .request(Method::POST, "/auth/login")
        .header("content-type", "text/plain")
        .body(login);
    let form = read(form).await;
    assert_eq!((form.status, form.problem()), (403, "CROSS_SITE_REQUEST"));
    for method in [Method::GET, Method::PATCH] {
        let page = anna
            .request(method, "/api/games/1")
            .header("origin", "https://evil.example");
        let page = read(page).await;
        assert_eq!((page.status, page.problem()), (403, "CROSS_SITE_REQUEST"));
        assert!(!page.headers.contains_key("access-control-allow-origin"));
    }
    let own = nobody
        .request(Method::POST, "/auth/logout")
        .header("sec-fetch-site", "same-origin");
    assert_eq!(read(own).await.status, 401);
}

async fn friends_play_in_a_room_and_compare_their_scores(placement: Placement) {
    let hub = open(placement).await;
    let anna = anna(&hub).await;
    let room = anna
        .post(
            "/api/game/sessions",
            json!({ "name": "Chess", "state": { "turn": 0 } }),
        )
        .await;
    assert_eq!(
        (room.status, &room.body["state"]),
        (201, &json!({ "turn": 0 }))
    );
    let id = room.body["id"].as_str().unwrap();
    let (place, session) = (
        format!("/api/rooms/{id}"),
        room.header("location").to_owned(),
    );
    assert_eq!(session, format!("/api/game/sessions/{id}"));
    let move_ = json!({ "clientSeq": 1, "patch": { "turn": 1 } });
    let acted = anna.post(&format!("{session}/action"), move_.clone()).await;
    assert_eq!(
        (acted.status, &acted.body["duplicate"]),
        (200, &json!(false)),
        "{}",
        acted.body
    );
    let again = anna.post(&format!("{place}/actions"), move_).await;
    assert_eq!(again.body["duplicate"], true);
    let late = anna
        .post(
            &format!("{place}/actions"),
            json!({ "clientSeq": 7, "patch": {} }),
        )
        .await;
    assert_eq!((late.status, late.problem()), (409, "ACTION_OUT_OF_ORDER"));
    assert_eq!(anna.get(&place).await.body["state"], json!({ "turn": 1 }));
    let epoch = room.body["epoch"].as_str().unwrap();
    let missed = anna
        .get(&format!(
            "{place}/changes?epoch={epoch}&rev={}",
            room.body["rev"]
        ))
        .await;
    assert_eq!(
        missed.body["changes"][0]["patch"],
        json!({ "turn": 1 }),
        "{}",
        missed.body
    );
    assert_eq!(
        anna.post(&format!("{place}/ready"), json!({})).await.body["phase"],
        "RUNNING"
    );
    let left = read(anna.request(Method::POST, &format!("{place}/leave"))).await;
    assert_eq!(left.status, 200, "{}", left.body);

    let board = anna
        .post(
            "/api/boards",
            json!({ "name": "Speed", "order": "LOWER_IS_BETTER", "unit": "seconds" }),
        )
        .await;
    assert_eq!(board.status, 201, "{}", board.body);
    let place = board.header("location").to_owned();
    let score = anna
        .post(
            &format!("{place}/scores"),
            json!({ "score": 61.5, "key": "run-1" }),
        )
        .await;
    assert_eq!(
        (score.status, &score.body["rank"]["rank"]),
        (200, &json!(1)),
        "{}",
        score.body
    );
    let repeated = anna
        .post(
            &format!("{place}/scores"),
            json!({ "score": 61.5, "key": "run-1" }),
        )
        .await;
    assert_eq!(repeated.body["duplicate"], true);
    assert_eq!(
        anna.get(&format!("{place}/top")).await.body["nodes"][0]["score"],
        61.5
    );
    assert_eq!(
        anna.get(&format!("{place}/around")).await.body["items"][0]["rank"],
        1
    );
    assert_eq!(anna.get("/leaderboards").await.body["totalCount"], 1);
    let ended = read(anna.request(Method::POST, "/auth/logout")).await;
    assert_eq!((ended.status, &ended.body), (204, &json!("")));
}

async fn the_description_is_the_committed_one_and_needs_nobody_signed_in(placement: Placement) {
    let hub = open(placement).await;
    let nobody = Caller {
        hub: &hub,
        token: None,
    };
    let answer = nobody.get("/openapi.json").await;
    assert_eq!(answer.status, 200);
    let committed: Value = serde_json::from_str(include_str!("../../schema/openapi.json")).unwrap();
    assert!(
        answer.body == committed,
        "schema/openapi.json is out of date: make schema"
    );
    let tag = answer.header("etag").to_owned();
    let same = nobody
        .request(Method::GET, "/openapi.json")
        .header("if-none-match", tag);
    assert_eq!(read(same).await.status, 304);
}

crate::in_both_placements!(
    a_library_is_filled_searched_and_marked,
    a_refusal_says_what_is_wrong_in_one_form,
    a_page_of_another_site_changes_and_reads_nothing,
    friends_play_in_a_room_and_compare_their_scores,
    the_description_is_the_committed_one_and_needs_nobody_signed_in,
);
