//! Pictures: fetched once, made small, and no way to learn more than the graph told.

use crate::story::{Story, copy, product};
use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use djinn_kernel::{
    Esrb,
    event::{FoundCopy, Hints},
};
use djinn_metadata::artwork::{
    WIDTHS,
    gallery::{Gallery, NotServed, Settings},
    picture::Picture,
};
use djinn_subgraph_kit::{
    Shelf,
    http::{Answer, Ask, NoAnswer},
};
use djinn_testkit::{
    http::ScriptedHttp,
    viewers::{child, player},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// Keeps everything.
#[derive(Default)]
struct Everything(Mutex<HashMap<String, Bytes>>);

#[async_trait]
impl Shelf for Everything {
    async fn get(&self, name: &str) -> Option<Bytes> {
        self.0.lock().unwrap().get(name).cloned()
    }
    async fn put(&self, name: &str, file: Bytes) {
        self.0.lock().unwrap().insert(name.to_owned(), file);
    }
}

struct Wall {
    story: Story,
    outside: Arc<ScriptedHttp>,
    gallery: Gallery,
}

fn image(width: u32, height: u32) -> Vec<u8> {
    let rgb = [200, 40, 60].repeat((width * height) as usize);
    Picture { width, height, rgb }.write()
}

fn answer(status: u16, content_type: &str, body: Vec<u8>) -> Answer {
    Answer {
        status,
        retry_after: None,
        content_type: content_type.to_owned(),
        body: body.into(),
    }
}

fn jpeg(width: u32, height: u32) -> Answer {
    answer(200, "image/jpeg", image(width, height))
}

impl Wall {
    async fn new() -> Self {
        let story = Story::new().await;
        let outside = Arc::new(ScriptedHttp::default());
        let gallery = Gallery::new(
            story.test.ports.clone(),
            Arc::clone(&outside) as _,
            Arc::new(Everything::default()),
            Settings {
                steam: "https://steam.example/apps/".to_owned(),
            },
        );
        story
            .find(vec![product(1, "steam", "70", "Half-Life")])
            .await;
        Self {
            story,
            outside,
            gallery,
        }
    }

    async fn game(&self) -> Value {
        let id = self.story.game_of(1).await;
        let query = "query($id: ID!) { game(id: $id) { coverUrl headerUrl cover { url placeholder width height source }
            hero { url(width: 5000) } screenshots { url } } }";
        let answer = self.story.ask(&player(1), query, json!({ "id": id })).await;
        answer["data"]["game"].clone()
    }

    async fn token(&self) -> String {
        token(self.game().await["coverUrl"].as_str().unwrap())
    }
}

fn token(url: &str) -> String {
    url.strip_prefix("/art/")
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_cover_is_there_before_any_page_was_read_and_is_fetched_once() {
    let wall = Wall::new().await;
    wall.outside.answer(|ask: &Ask| {
        assert_eq!(ask.url, "https://steam.example/apps/70/library_600x900.jpg");
        Ok(jpeg(600, 900))
    });
    let token = wall.token().await;
    let all = (0..20).map(|n| {
        let (gallery, token) = (wall.gallery.clone(), token.clone());
        tokio::spawn(async move { gallery.serve(&token, [160, 320][n % 2]).await.unwrap() })
    });
    let all: Vec<_> = all.collect();
    for served in all {
        let served = served.await.unwrap();
        assert!(served.itself && served.file.starts_with(&[0xFF, 0xD8, 0xFF]));
    }
    assert_eq!(wall.outside.asked().len(), 1);
    let served = wall.gallery.serve(&token, 160).await.unwrap();
    let small = Picture::read(&served.file).unwrap();
    assert_eq!((small.width, small.height), (160, 240));
    let large = wall.gallery.serve(&token, 1920).await.unwrap();
    assert_eq!(
        Picture::read(&large.file).unwrap().width,
        600,
        "never larger than it is"
    );
    assert_eq!(
        wall.outside.asked().len(),
        1,
        "another width is made of what is here"
    );

    let game = wall.game().await;
    let cover = &game["cover"];
    assert_eq!(
        (&cover["width"], &cover["height"]),
        (&json!(600), &json!(900))
    );
    assert!(cover["placeholder"].as_str().unwrap().len() > 15, "{cover}");
    assert!(game["hero"]["url"].as_str().unwrap().ends_with("?w=1920"));
}

#[tokio::test]
async fn where_steam_has_no_cover_the_next_takes_its_place() {
    let wall = Wall::new().await;
    wall.outside.answer(|ask| match ask.url.as_str() {
        "https://steam.example/apps/70/header.jpg" => Ok(jpeg(460, 215)),
        _ => Ok(answer(404, "text/html", b"<html>".to_vec())),
    });
    let token = wall.token().await;
    let served = wall.gallery.serve(&token, 480).await.unwrap();
    assert!(!served.itself, "it stands in");
    assert_eq!(Picture::read(&served.file).unwrap().width, 460);
    assert_ne!(
        wall.token().await,
        token,
        "the graph names the one that is there"
    );
    wall.gallery.serve(&token, 320).await.unwrap();
    assert_eq!(
        wall.outside.asked().len(),
        2,
        "what is not there is not asked for again"
    );
}

#[tokio::test]
async fn what_is_no_picture_is_never_served() {
    for (content_type, body) in [
        (
            "image/svg+xml",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        ),
        (
            "image/jpeg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        ),
        ("text/html", image(10, 10)),
        ("image/gif", b"GIF89a".to_vec()),
        ("image/jpeg", image(60, 60)[..200].to_vec()),
        ("image/png", Vec::new()),
    ] {
        let wall = Wall::new().await;
        wall.outside
            .answer(move |_| Ok(answer(200, content_type, body.clone())));
        let token = wall.token().await;
        let refused = wall.gallery.serve(&token, 480).await;
        assert!(matches!(refused, Err(NotServed::Unknown)), "{content_type}");
        assert_eq!(wall.game().await["coverUrl"], json!(null));
    }
}

#[tokio::test]
async fn a_host_that_is_down_is_asked_again_later_and_not_by_everybody() {
    let wall = Wall::new().await;
    wall.outside.answer(|_| Err(NoAnswer::Timeout));
    let token = wall.token().await;
    for _ in 0..5 {
        let refused = wall.gallery.serve(&token, 480).await;
        assert!(matches!(refused, Err(NotServed::Later)));
    }
    let asked = wall.outside.asked().len();
    assert_eq!(asked, 2, "the cover and the header, each once");
    wall.outside.answer(|_| Ok(jpeg(600, 900)));
    wall.story.test.clock.advance(TimeDelta::minutes(2));
    assert!(wall.gallery.serve(&token, 480).await.unwrap().itself);
}

#[tokio::test]
async fn nobody_learns_of_a_picture_that_the_graph_did_not_tell_them() {
    let wall = Wall::new().await;
    wall.outside.answer(|_| Ok(jpeg(600, 900)));
    let token = wall.token().await;
    let last = if token.ends_with('A') { 'B' } else { 'A' };
    let mut near = token.clone();
    near.replace_range(20..21, if &token[20..21] == "x" { "y" } else { "x" });
    let id = wall.story.game_of(1).await.to_string();
    for guess in [
        "",
        "x",
        &id,
        &near,
        &format!("{token}{last}"),
        "../../../etc/passwd",
        "https://elsewhere.example/a.jpg",
    ] {
        let refused = wall.gallery.serve(guess, 480).await;
        assert!(matches!(refused, Err(NotServed::Unknown)), "{guess}");
    }
    for width in [0, 1, 161, 481, 1921, u32::MAX] {
        let refused = wall.gallery.serve(&token, width).await;
        assert!(matches!(refused, Err(NotServed::Width)), "{width}");
    }
    assert!(
        wall.outside.asked().is_empty(),
        "nothing was fetched for any of them"
    );
    assert!(WIDTHS.iter().all(|width| *width <= 1920));

    // What a child may not see has no address for them.
    let blood = FoundCopy {
        hints: Hints {
            esrb: Some(Esrb::Mature),
            ..Hints::default()
        },
        ..product(2, "steam", "71", "Blood")
    };
    wall.story
        .find(vec![blood, copy(3, "manual", "Riddle")])
        .await;
    let of: Vec<Value> = [wall.story.game_of(2).await, wall.story.game_of(3).await]
        .map(|id| json!({ "__typename": "Game", "id": id }))
        .into();
    let query = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Game { coverUrl cover { url } screenshots { url } } } }";
    let answer = wall
        .story
        .ask(&child(2, 1, Esrb::Teen), query, json!({ "of": of }))
        .await;
    assert_eq!(answer["data"]["_entities"], json!([null, null]));
}

#[tokio::test]
async fn the_covers_of_a_page_are_a_few_queries() {
    let wall = Wall::new().await;
    let copies = (10..60).map(|n| product(n, "steam", &n.to_string(), &format!("Game {n}")));
    wall.story.find(copies.collect()).await;
    let games: Vec<_> = wall.story.heard().await.games.keys().copied().collect();
    let of: Vec<_> = games
        .iter()
        .map(|id| json!({ "__typename": "Game", "id": id }))
        .collect();
    let query = "query($of: [_Any!]!) { _entities(representations: $of) { ... on Game { id coverUrl cover { placeholder } facts { value } } } }";
    wall.story.test.database.take_query_count();
    let answer = wall.story.ask(&player(1), query, json!({ "of": of })).await;
    let covers = answer["data"]["_entities"].as_array().unwrap();
    assert!(
        covers.iter().all(|game| game["coverUrl"].is_string()),
        "{answer}"
    );
    let queries = wall.story.test.database.take_query_count();
    assert!(queries <= 40, "{queries} queries");
}
