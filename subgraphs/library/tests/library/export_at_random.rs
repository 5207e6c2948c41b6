//! Whatever a household has survives a trip through a file.

use super::{
    export::{export, import, settle},
    stage::Stage,
};
use djinn_testkit::viewers::player;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::{Value, json};
use std::cell::RefCell;

/// A game of a random household.
#[derive(Debug, Clone)]
struct Any {
    title: String,
    copies: Vec<(usize, Option<String>, i32)>,
    status: Option<&'static str>,
    notes: Option<String>,
    favourite: bool,
    rating: Option<i32>,
    play: Vec<(u32, i32)>,
    listed: bool,
}

fn any() -> impl Strategy<Value = Any> {
    (
        "[A-Za-zäß=+' ]{0,8}[A-Za-z0-9]",
        prop::collection::vec(
            (0..3_usize, prop::option::of("[a-z0-9]{1,8}"), 0..5000_i32),
            0..3,
        ),
        prop::option::of(prop::sample::select(vec![
            "unplayed",
            "playing",
            "completed",
            "on_hold",
        ])),
        prop::option::of("[a-z\"\\\\,;\n=ü]{1,20}[a-z]"),
        any_bool(),
        prop::option::of(0..=100_i32),
        prop::collection::btree_map(1..28_u32, 1..=1440_i32, 0..3),
        any_bool(),
    )
        .prop_map(
            |(title, copies, status, notes, favourite, rating, play, listed)| Any {
                title,
                copies,
                status,
                notes,
                favourite,
                rating,
                play: play.into_iter().collect(),
                listed,
            },
        )
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

/// A file of ours with these games, as somebody might have it.
fn file(games: &[Any]) -> String {
    let libraries = ["steam", "manual", "gog"].map(|platform| {
        let account = (platform != "manual").then_some("1");
        let mut library = json!({ "platform": platform, "label": format!("My {platform}"), "createdAt": "2026-01-01T00:00:00.000001Z" });
        if let Some(account) = account {
            library["account"] = json!(account);
        }
        library
    });
    let mut list = Vec::new();
    let mut listed = Vec::new();
    for (number, game) in games.iter().enumerate() {
        // Each title once, so that the stand-in for metadata matches it to a game of its own.
        let words: Vec<&str> = game.title.split_whitespace().collect();
        let title = format!("{} {number}", words.join(" "));
        let copies: Vec<Value> = game.copies.iter().enumerate().map(|(at, (library, store, minutes))| {
            let platform = ["steam", "snes", "gog"][*library];
            let mut copy = json!({
                "library": library, "platform": platform, "title": title,
                "holding": "Owned", "playtimeMinutes": minutes, "addedAt": "2026-01-02T03:04:05.678Z",
            });
            copy["storeId"] = json!(format!("{}{number}x{at}", store.clone().unwrap_or_default()));
            if *minutes > 0 {
                let days: Vec<Value> = game.play.iter().map(|(day, minutes)| json!([format!("2026-01-{day:02}"), minutes])).collect();
                copy["play"] = json!(days);
            }
            copy
        }).collect();
        let mut entry = json!({ "copies": copies, "favourite": game.favourite });
        let played = game.copies.iter().any(|(.., minutes)| *minutes > 0);
        // What was played has a status: the first play gives it one.
        let status = game.status.or(played.then_some("playing"));
        if let Some(status) = status {
            entry["status"] = json!(status);
            entry["statusBy"] = json!(if game.status.is_some() {
                "person"
            } else {
                "rule"
            });
            if status != "unplayed" {
                entry["history"] = json!([{ "at": "2026-01-05T00:00:00.5Z", "from": "unplayed", "to": status, "by": entry["statusBy"] }]);
            }
        }
        if let Some(notes) = &game.notes {
            entry["notes"] = json!(notes);
        }
        if let Some(rating) = game.rating {
            entry["rating"] = json!(rating);
            entry["tags"] = json!(["Evening", format!("{rating}; \"ü\"")]);
        }
        if game.copies.is_empty() {
            entry["title"] = json!(title);
            let says =
                status.is_some() || game.notes.is_some() || game.rating.is_some() || game.favourite;
            if !says && !game.listed {
                entry["notes"] = json!("something");
            }
        }
        if game.listed {
            listed.push(number);
        }
        list.push(entry);
    }
    let at = "2026-01-01T00:00:00Z";
    let collections = json!([
        { "name": "Listed", "games": listed, "createdAt": at, "updatedAt": at },
        { "name": "Smart", "rule": { "any": [{ "field": "FAVOURITE", "operator": "IS_TRUE" }] }, "createdAt": at, "updatedAt": at },
    ]);
    json!({ "format": "game-djinn", "version": 1, "libraries": libraries, "games": list, "collections": collections }).to_string()
}

#[test]
fn whatever_a_household_has_is_the_same_after_a_trip_through_a_file() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    // Two hubs, and in each a household of its own for every case: making a database takes longer
    // than all that is done with it.
    let hubs = async { (Stage::set().await, Stage::set().await, 0) };
    let hubs = RefCell::new(runtime.block_on(hubs));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    runner
        .run(&prop::collection::vec(any(), 0..8), |games| {
            let mut hubs = hubs.borrow_mut();
            let (stage, other, households) = &mut *hubs;
            *households += 1;
            stage.me = player(*households);
            // In the other hub nobody has the same id.
            other.me = player(1_000_000 - *households);
            let (stage, other) = (&*stage, &*other);
            runtime.block_on(async {
                import(stage, &file(&games)).await;
                settle(stage).await;
                let first = export(stage, &stage.me, "JSON").await;
                let whole: Value = serde_json::from_str(&first).unwrap();
                assert_eq!(
                    whole["games"].as_array().unwrap().len(),
                    games.len(),
                    "{first}"
                );
                import(other, &first).await;
                assert_eq!(
                    export(other, &other.me, "JSON").await,
                    first,
                    "before matching"
                );
                settle(other).await;
                assert_eq!(export(other, &other.me, "JSON").await, first);
                // Where it is from there is nothing to be done.
                import(stage, &first).await;
                assert_eq!(export(stage, &stage.me, "JSON").await, first, "at home");
            });
            Ok(())
        })
        .unwrap();
}
