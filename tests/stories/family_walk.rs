//! A walk through the whole graph and every door as a child, looking for games it may not know of.
//!
//! Two hubs hold the same games, but one of them holds some more, which the child must not know
//! of: above its ceiling, unrated, or hidden; and what the grown-up noted, rated and likes of those
//! it may see. Much about these has a mark in it. No answer may
//! carry the mark, their ids or the addresses of their pictures, and every answer must be the same
//! as that of the hub that never had them: a count that is one too high is as much of a leak as a
//! title. What is asked is made of the schema and of the doors' own descriptions.

mod doors;
mod plain;
mod questions;
mod world;

use crate::{
    hub::{Hub, Placement},
    rules::{MISSING, documents::API},
};
use futures_util::{StreamExt, stream};
use plain::{Told, compare, compare_to_missing};
use questions::{Graph, Ids, Question};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use world::{TOLD, world};

/// In what the child must not know.
const MARK: &str = "zyxqmark";
/// So many questions are under way at a time.
const AT_A_TIME: usize = 4;

/// A hub that lets a test ask as often and as much as it likes.
async fn hub() -> Hub {
    let settings = [
        ("DJINN__LIMITS__REQUESTS_PER_SECOND", "0".to_owned()),
        ("DJINN__LIMITS__COST", "1000000".to_owned()),
        ("DJINN__LIMITS__OBJECTS", "100000000".to_owned()),
        ("DJINN__LIMITS__TOKENS", "20000".to_owned()),
        ("DJINN__LIMITS__DEPTH", "30".to_owned()),
        ("DJINN__LIMITS__ALIASES", "500".to_owned()),
        // Nobody is there: what a store would say comes too late for both hubs alike.
        ("DJINN__STEAM__STORE_URL", "http://127.0.0.1:9".to_owned()),
    ];
    Hub::start(Placement::One, &settings).await
}

/// What generated arguments do not reach: a slip of the keyboard, filters together, words, a list
/// that is narrowed by nothing.
const BY_HAND: [&str; 9] = [
    "{ searchGames(query: \"zyxqmrak\") { totalCount nodes { title } facets { genres { id count } } } }",
    "{ games(filter: { includeUnrated: true, ratingAtMost: ADULTS_ONLY }) { totalCount nodes { title } facets { genres { id count } platforms { id count } } } }",
    "{ analyzeGamingPatterns(period: ALL_TIME) { minutes undatedMinutes gamesPlayed topGames(first: 50) { minutes game { title } } backlog { games oldest { title } } } }",
    "{ recommendGames(limit: 50, criteria: \"like Zyxqmark Carnage\", moods: [\"zyxqmark-gore\"]) { score game { title } reasons { text } } }",
    "{ recommendGames(limit: 50, company: COOP, minutes: 120, ratingAtMost: ADULTS_ONLY) { score game { title } reasons { text } } }",
    "{ boards(first: 50) { totalCount nodes { name game { title } } } }",
    "{ games(filter: { hidden: true, kinds: [] }) { totalCount nodes { title } } favourites: games(filter: { favourite: true }) { totalCount } tagged: games(filter: { myTags: [\"zyxqmark present\", \"short\"] }) { totalCount } }",
    "{ previewCollection(rule: { any: [{ field: NOTED, operator: IS_TRUE }, { field: FAVOURITE, operator: IS_TRUE }, { field: MY_RATING, operator: IS_SET }, { field: MY_TAG, operator: IS_SET }] }) { totalCount nodes { title } } }",
    "{ games(filter: { kinds: [] }) { nodes { title notes myRating myTags favourite hidden status { id } similar { game { title } } } } }",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_answered_as_if_what_it_may_not_see_had_never_been() {
    let graph = Graph::read(API);
    let (with, without) = (hub().await, hub().await);
    let (with, without) = (world(&with, true).await, world(&without, false).await);
    assert_eq!(with.unseen.len(), 6);
    assert!(
        with.secrets
            .iter()
            .any(|secret| secret.starts_with("/art/")),
        "some have pictures: {:?}",
        with.secrets
    );
    let by_hand = || {
        BY_HAND.map(|one| Question {
            name: one.to_owned(),
            document: one.to_owned(),
        })
    };
    let ask = |ids: &Ids| {
        let mut all = graph.queries(ids).1;
        all.extend(by_hand());
        all
    };
    let pairs = ask(&with.ids).into_iter().zip(ask(&without.ids));
    let answers: Vec<_> = stream::iter(pairs)
        .map(async |(one, other)| {
            let seen = with.child.send(&one.document, json!({}));
            let never = without.child.send(&other.document, json!({}));
            let (seen, never) = tokio::join!(seen, never);
            (one.name, seen, never)
        })
        .buffered(AT_A_TIME)
        .collect()
        .await;
    let mut told = Told::default();
    for (name, seen, never) in answers {
        compare(&name, &with.secrets, seen, never, &mut told);
    }
    told.nothing();
    assert!(told.asked > 300, "{}", told.asked);

    // And the questions mean something: those that begin at the root tell the owner all of it.
    let at_the_root = ask(&with.ids)
        .into_iter()
        .filter(|one| !one.name.contains('.'));
    let heard: String = stream::iter(at_the_root)
        .map(async |one| {
            let answer = with.owner.send(&one.document, json!({})).await;
            answer["data"].to_string().to_lowercase()
        })
        .buffered(AT_A_TIME)
        .collect()
        .await;
    for (field, words) in TOLD {
        assert!(
            heard.contains(words),
            "the owner is not told of {words:?}, in {field}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_child_may_not_see_is_to_it_as_if_it_were_missing() {
    let graph = Graph::read(API);
    let hub = hub().await;
    let with = world(&hub, true).await;
    let of = |id: &str| -> Ids {
        let one = BTreeMap::from([("it".to_owned(), id.to_owned())]);
        // Whatever an id is of, it may be tried.
        with.ids
            .keys()
            .map(|kind| (kind.clone(), one.clone()))
            .collect()
    };
    let mut told = Told::default();
    let roots = ["Mutation", "Subscription"];
    for (n, unseen) in with.unseen.iter().enumerate() {
        let ask = |id: &str| {
            let mut all = graph.queries(&of(id)).1;
            // Each field that changes something with the first of them: they differ in nothing.
            for root in roots.iter().filter(|_| n == 0) {
                all.extend(graph.roots(root, &of(id)));
            }
            all
        };
        for (one, other) in ask(unseen).into_iter().zip(ask(MISSING)) {
            // Whatever an id may be of, with the first; as a game, with each.
            let as_a_game = one.document.contains("game(id:");
            let asks = one.document.contains(unseen.as_str()) && (n == 0 || as_a_game);
            if !asks || one.name == "logout" {
                continue;
            }
            let send = async |question: &Question| {
                if question.document.starts_with("subscription") {
                    with.child.first_event(&question.document).await
                } else {
                    with.child.send(&question.document, json!({})).await
                }
            };
            let (seen, never) = (send(&one).await, send(&other).await);
            compare_to_missing(&one.name, unseen, seen, never, &mut told);
        }
    }
    told.nothing();
    assert!(told.asked > 200, "{}", told.asked);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_change_stream_file_or_picture_tells_a_child_of_what_it_may_not_see() {
    let graph = Graph::read(API);
    let (with, without) = (hub().await, hub().await);
    let (with, without) = (world(&with, true).await, world(&without, false).await);
    let mut told = Told::default();
    let pairs = graph
        .roots("Subscription", &with.ids)
        .into_iter()
        .zip(graph.roots("Subscription", &without.ids));
    for (one, other) in pairs {
        let seen = with.child.first_event(&one.document).await;
        let never = without.child.first_event(&other.document).await;
        compare(&one.name, &with.secrets, seen, never, &mut told);
    }
    let pairs = graph
        .roots("Mutation", &with.ids)
        .into_iter()
        .zip(graph.roots("Mutation", &without.ids));
    let mut files = 0;
    for (one, other) in pairs.filter(|(one, _)| one.name != "logout") {
        let seen = with.child.send(&one.document, json!({})).await;
        let never = without.child.send(&other.document, json!({})).await;
        // Whatever is answered with an address, is fetched.
        let fetched = (addresses(&seen), addresses(&never));
        for (seen, never) in fetched.0.into_iter().zip(fetched.1) {
            let seen = with.child.get(&seen).await.text().await.unwrap();
            let never = without.child.get(&never).await.text().await.unwrap();
            let read = |text: String| serde_json::from_str(&text).unwrap_or(Value::String(text));
            let name = format!("the file of {}", one.document);
            compare(&name, &with.secrets, read(seen), read(never), &mut told);
            files += 1;
        }
        compare(&one.name, &with.secrets, seen, never, &mut told);
    }
    assert!(files >= 3, "each kind of export is a file: {files}");
    doors::rest(&with, &without, &mut told).await;
    doors::tools(&with, &without, &mut told).await;
    told.nothing();
    assert!(told.asked > 200, "{}", told.asked);
}

/// The addresses below the hub's own in an answer.
fn addresses(answer: &Value) -> Vec<String> {
    match answer {
        Value::Object(fields) => fields.values().flat_map(addresses).collect(),
        Value::Array(items) => items.iter().flat_map(addresses).collect(),
        Value::String(text) if text.starts_with('/') => vec![text.clone()],
        _ => Vec::new(),
    }
}

#[test]
fn the_walk_asks_for_every_field_there_is() {
    let graph = Graph::read(API);
    let one = BTreeMap::from([("one".to_owned(), MISSING.to_owned())]);
    let (asked, _) = graph.queries(&BTreeMap::from([("game".to_owned(), one)]));
    for object in graph.reached("Query") {
        for field in graph.fields(&object) {
            let name = format!("{object}.{}", field.name.node);
            assert!(asked.contains(&name), "{name}");
        }
    }
}
