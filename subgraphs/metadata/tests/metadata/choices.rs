//! A person chooses a picture: from what is offered, from an address, or a file of their own.

use crate::story::{Story, product};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use djinn_kernel::{Esrb, Scope, Viewer, event::FoundCopy, event::Hints};
use djinn_metadata::{
    Config,
    artwork::{
        gallery::{Gallery, NotServed, Settings},
        own,
        picture::Picture,
    },
    config::Gog,
};
use djinn_subgraph_kit::http::{Answer, Ask, NoAnswer};
use djinn_testkit::{
    http::{ScriptedHttp, html, json},
    viewers::{child, key, player},
};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

const CHOOSE: &str = "mutation($input: ChoosePictureInput!) { choosePicture(input: $input) {
    game { coverUrl cover { source } facts { field source locked } } problems { code field message } } }";

/// GOG's games database, whose cover of the one game is called so.
fn gamesdb(cover: &str) -> Result<Answer, NoAnswer> {
    let work = json!({ "id": "77", "title": { "*": "Half-Life" }, "type": "game",
        "genres": [{ "name": { "*": "Shooter" } }],
        "vertical_cover": { "url_format": format!("https://images.gog.com/{cover}{{formatter}}.{{ext}}") },
        "releases": [{ "platform_id": "steam", "external_id": "70" }] });
    json(
        200,
        json!({ "id": "1", "type": "game", "game": work }).to_string(),
    )
}

fn gog() -> Config {
    Config {
        gog: Gog {
            enabled: true,
            ..Gog::default()
        },
        ..Config::default()
    }
}

/// A game that Steam and GOG have covers of.
async fn offered() -> Story {
    let mut story = Story::with(gog()).await;
    story.test.http.answer(|ask: &Ask| {
        if ask.url == "https://gamesdb.gog.com/platforms/steam/external_releases/70" {
            return gamesdb("one");
        }
        Err(NoAnswer::Unreachable)
    });
    story
        .find(vec![product(1, "steam", "70", "Half-Life")])
        .await;
    story
        .work_until(async |story| story.said_of(1).await.genres == ["Shooter"])
        .await;
    story
}

async fn choices(story: &Story) -> Vec<(String, String, bool)> {
    let query = "query($id: ID!) { game(id: $id) { coverUrl pictureChoices { id chosen picture { source url } } } }";
    let id = story.game_of(1).await;
    let answer = story.ask(&player(1), query, json!({ "id": id })).await;
    let game = &answer["data"]["game"];
    let all = game["pictureChoices"].as_array().unwrap();
    assert_eq!(
        game["coverUrl"], all[0]["picture"]["url"],
        "the first is what is shown"
    );
    all.iter()
        .map(|one| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let chosen = one["chosen"].as_bool().unwrap();
            (text(&one["id"]), text(&one["picture"]["source"]), chosen)
        })
        .collect()
}

async fn choose(story: &Story, who: &Viewer, mut input: Value) -> Value {
    input["gameId"] = json!(story.game_of(1).await);
    let answer = story.ask(who, CHOOSE, json!({ "input": input })).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    answer["data"]["choosePicture"].clone()
}

fn names(choices: &[(String, String, bool)]) -> Vec<(&str, bool)> {
    choices
        .iter()
        .map(|(_, source, chosen)| (&**source, *chosen))
        .collect()
}

#[tokio::test]
async fn what_a_person_chose_of_what_is_offered_no_provider_changes_until_it_is_taken_back() {
    let mut story = offered().await;
    let before = choices(&story).await;
    assert_eq!(names(&before), [("steam-store", false), ("gog", false)]);
    let done = choose(&story, &player(1), json!({ "choice": before[1].0 })).await;
    assert_eq!(done["problems"], json!([]));
    let facts = done["game"]["facts"].as_array().unwrap();
    let art = facts
        .iter()
        .find(|fact| fact["field"] == "coverUrl")
        .unwrap();
    assert_eq!(
        (&art["source"], &art["locked"]),
        (&json!("person"), &json!(true))
    );
    let chosen = choices(&story).await;
    assert_eq!(names(&chosen), [("person", true), ("steam-store", false)]);
    // Choosing it again changes nothing.
    choose(&story, &player(1), json!({ "choice": chosen[0].0 })).await;
    assert_eq!(choices(&story).await, chosen);

    // The provider has another by and by: what was chosen stays.
    story.test.http.answer(|ask: &Ask| {
        if ask.url.contains("gamesdb") {
            return gamesdb("another");
        }
        Err(NoAnswer::Unreachable)
    });
    story.test.clock.advance(TimeDelta::days(40));
    story
        .work_until(async |story| choices(story).await.len() == 3)
        .await;
    let now = choices(&story).await;
    assert_eq!(now[0], chosen[0]);
    assert_eq!(
        names(&now),
        [("person", true), ("steam-store", false), ("gog", false)]
    );

    let back = choose(&story, &player(1), json!({})).await;
    assert_eq!(back["game"]["cover"]["source"], "steam-store");
    assert_eq!(
        names(&choices(&story).await),
        [("steam-store", false), ("gog", false)]
    );
}

fn drawn(width: u32, height: u32) -> Vec<u8> {
    let rgb = [10, 200, 90].repeat((width * height) as usize);
    Picture { width, height, rgb }.write()
}

/// A shelf that keeps everything for ever.
#[derive(Default)]
struct Everything(Mutex<HashMap<String, bytes::Bytes>>);

#[async_trait::async_trait]
impl djinn_subgraph_kit::Shelf for Everything {
    async fn get(&self, name: &str) -> Option<bytes::Bytes> {
        self.0.lock().unwrap().get(name).cloned()
    }
    async fn put(&self, name: &str, file: bytes::Bytes) {
        self.0.lock().unwrap().insert(name.to_owned(), file);
    }
}

fn gallery(story: &Story, shelf: &Arc<Everything>) -> (Gallery, Arc<ScriptedHttp>) {
    let outside = Arc::new(ScriptedHttp::default());
    let gallery = Gallery::new(
        story.test.ports.clone(),
        Arc::clone(&outside) as _,
        Arc::clone(shelf) as _,
        Settings::default(),
    );
    (gallery, outside)
}

fn token(payload: &Value) -> String {
    let url = payload["game"]["coverUrl"].as_str().unwrap();
    let (token, _) = url.strip_prefix("/art/").unwrap().split_once('?').unwrap();
    token.to_owned()
}

#[tokio::test]
async fn a_file_or_an_address_of_ones_own_is_kept_here_and_gone_when_it_is_taken_back() {
    let story = offered().await;
    let shelf = Arc::new(Everything::default());
    let (gallery, outside) = gallery(&story, &shelf);
    let mine = json!({ "content": STANDARD.encode(drawn(3000, 100)) });
    let done = choose(&story, &player(1), mine).await;
    assert_eq!(done["game"]["cover"]["source"], "person", "{done}");
    let first = token(&done);
    let served = gallery.serve(&first, 320).await.unwrap();
    let picture = Picture::read(&served.file).unwrap();
    assert!(served.itself && picture.width == 320);

    story.test.http.answer(|ask: &Ask| {
        assert_eq!(ask.url, "https://pictures.example/cover.jpg");
        Ok(Answer {
            status: 200,
            retry_after: None,
            content_type: "application/octet-stream".to_owned(),
            body: drawn(60, 90).into(),
        })
    });
    let url = json!({ "url": "https://pictures.example/cover.jpg" });
    let done = choose(&story, &player(1), url).await;
    let second = token(&done);
    assert_ne!(first, second);
    let served = gallery.serve(&second, 1920).await.unwrap();
    assert_eq!(Picture::read(&served.file).unwrap().height, 90);
    // What it took the place of is not kept.
    assert!(matches!(
        gallery.serve(&first, 320).await,
        Err(NotServed::Unknown)
    ));

    let back = choose(&story, &player(1), json!({})).await;
    assert_eq!(back["game"]["cover"]["source"], "steam-store");
    assert!(matches!(
        gallery.serve(&second, 320).await,
        Err(NotServed::Unknown)
    ));
    assert!(
        outside.asked().is_empty(),
        "nobody else was asked: {:?}",
        outside.asked()
    );
    let left = own::Entity::find().count(story.test.ports.db.read()).await;
    assert_eq!(left.unwrap(), 0, "no file is left in the database");
    assert!(shelf.0.lock().unwrap().is_empty(), "and none on the disk");
}

#[tokio::test]
async fn what_cannot_be_chosen_is_named_and_changes_nothing() {
    let story = offered().await;
    let before = choices(&story).await;
    let asked = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&asked);
    story.test.http.answer(move |ask: &Ask| {
        heard.lock().unwrap().push(ask.url.clone());
        match ask.url.rsplit('/').next() {
            Some("page") => html(200, "<html>"),
            Some("gone") => html(404, ""),
            Some("large") => Err(NoAnswer::TooLarge(1)),
            _ => Err(NoAnswer::Unreachable),
        }
    });
    let bomb = STANDARD.encode(b"\x89PNG\r\n\x1a\n and no more");
    for (input, code, field) in [
        (json!({ "choice": "nonsense" }), "NOT_FOUND", "input.choice"),
        (
            json!({ "choice": "01920000-0000-7000-8000-ffffffffffff" }),
            "NOT_FOUND",
            "input.choice",
        ),
        (
            json!({ "choice": before[0].0, "role": "HERO" }),
            "NOT_FOUND",
            "input.choice",
        ),
        (
            json!({ "choice": before[0].0, "url": "https://a.example/a" }),
            "INVALID_INPUT",
            "input",
        ),
        (
            json!({ "url": "http://a.example/a.jpg" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": "file:///etc/passwd" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": "https://a.example/\u{e9}" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": format!("https://a.example/{}", "a".repeat(2000)) }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": "https://a.example/nobody" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": "https://a.example/gone" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": "https://a.example/page" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "url": "https://a.example/large" }),
            "INVALID_INPUT",
            "input.url",
        ),
        (
            json!({ "content": "%%%" }),
            "INVALID_INPUT",
            "input.content",
        ),
        (json!({ "content": bomb }), "INVALID_INPUT", "input.content"),
        (
            json!({ "content": STANDARD.encode("GIF89a") }),
            "INVALID_INPUT",
            "input.content",
        ),
        (
            json!({ "content": "A".repeat(8 * 1024 * 1024) }),
            "INVALID_INPUT",
            "input.content",
        ),
    ] {
        let refused = choose(&story, &player(1), input).await;
        let problem = &refused["problems"][0];
        assert_eq!(
            (&problem["code"], &problem["field"]),
            (&json!(code), &json!(field)),
            "{refused}"
        );
        assert_eq!(refused["game"], Value::Null);
    }
    assert_eq!(asked.lock().unwrap().len(), 4, "{asked:?}");
    assert_eq!(choices(&story).await, before);
}

#[tokio::test]
async fn who_may_not_change_a_game_or_know_of_it_chooses_nothing_for_it() {
    let story = Story::new().await;
    let hints = Hints {
        esrb: Some(Esrb::Mature),
        ..Hints::default()
    };
    story
        .find(vec![FoundCopy {
            hints,
            ..product(1, "steam", "70", "DOOM")
        }])
        .await;
    let input = json!({ "gameId": story.game_of(1).await, "url": "https://a.example/a.jpg" });
    for (who, code) in [
        (Viewer::Anonymous, "UNAUTHENTICATED"),
        (key(1, &[Scope::ReadLibrary]), "FORBIDDEN"),
        (child(5, 1, Esrb::Teen), "FORBIDDEN"),
    ] {
        let answer = story.ask(&who, CHOOSE, json!({ "input": input })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{answer}");
    }
    assert!(
        !story
            .test
            .http
            .asked()
            .iter()
            .any(|url| url.contains("a.example")),
        "nobody was asked for a picture"
    );
}

#[tokio::test]
async fn who_does_not_have_a_game_chooses_nothing_for_it_and_nobody_is_asked() {
    let story = offered().await;
    let asked = story.test.http.asked().len();
    let url = json!({ "url": "https://a.example/a.jpg" });
    let refused = choose(&story, &player(2), url).await;
    assert_eq!(refused["game"], Value::Null);
    let problem = &refused["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["field"]),
        (&json!("NOT_FOUND"), &json!("input.gameId"))
    );
    assert_eq!(story.test.http.asked().len(), asked);
}
