//! Random rules over random libraries, evaluated a second time by other code: over the games as they
//! were made, without an index.

use super::{
    collections::{ONE, UPDATE, create, mark, one, options, preview, when, writing_child},
    household::{Hub, Seed, game, numbers},
};
use chrono::{NaiveDate, TimeDelta};
use djinn_kernel::{Esrb, Unrated, Viewer, event::GameKind};
use djinn_testkit::viewers::{child, player};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A game as it was made, and what was said of it.
#[derive(Debug, Clone)]
struct Known {
    seed: Seed,
    favourite: bool,
    hidden: bool,
    my_rating: Option<i64>,
}

const GENRES: [&str; 4] = ["RPG", "Action", "Puzzle", "Racing"];
const TAGS: [&str; 3] = ["co-op", "short", "classic"];
const PLATFORMS: [&str; 3] = ["steam", "gog", "epic"];
const STATUSES: [&str; 5] = ["unplayed", "playing", "completed", "on_hold", "abandoned"];
const RATINGS: [&str; 6] = [
    "EARLY_CHILDHOOD",
    "EVERYONE",
    "EVERYONE_10",
    "TEEN",
    "MATURE",
    "ADULTS_ONLY",
];
const KINDS: [&str; 2] = ["GAME", "DLC"];
const DATES: [&str; 5] = [
    "1987-03-04",
    "1999-12-31",
    "2025-12-01",
    "2026-01-02",
    "2026-01-20",
];
const WORDS: [&str; 5] = ["amber", "bridge", "castle", "dragon", "echo"];

/// Games like those of a real library, another one for each `salt`.
fn random_library(salt: u128) -> Vec<Known> {
    let pick = |n: u128, what: u128, of: u128| {
        let mixed = (n + salt * 1_000)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15)
            .wrapping_add(what.wrapping_mul(0xBF58_476D_1CE4_E5B9));
        ((mixed ^ (mixed >> 29)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 33) % of
    };
    let some = |n, what, all: &[&'static str]| {
        all.iter()
            .enumerate()
            .filter(|(at, _)| pick(n, what + *at as u128, 3) == 0)
            .map(|(_, one)| *one)
            .collect::<Vec<_>>()
    };
    (1..=60)
        .map(|n| {
            let word = |what| WORDS[pick(n, what, 5) as usize];
            let mut seed = game(n, &format!("{} {} {n}", word(1), word(2)));
            seed.platforms = some(n, 10, &PLATFORMS);
            if seed.platforms.is_empty() {
                seed.platforms.push("steam");
            }
            seed.genres = some(n, 20, &GENRES);
            seed.tags = some(n, 30, &TAGS);
            seed.esrb = Esrb::from_level(pick(n, 40, 8) as i16);
            seed.released = (pick(n, 41, 6) > 0).then(|| DATES[pick(n, 42, 5) as usize]);
            seed.minutes = [0, 0, 30, 120, 6_000][pick(n, 43, 5) as usize];
            seed.days_ago =
                (seed.minutes > 0).then(|| [0, 1, 30, 90, 400][pick(n, 44, 5) as usize]);
            seed.score = (pick(n, 45, 3) > 0).then(|| pick(n, 46, 101) as i16);
            seed.import_status = (pick(n, 47, 3) == 0).then(|| STATUSES[pick(n, 48, 5) as usize]);
            seed.kind = if pick(n, 49, 6) == 0 {
                GameKind::Dlc
            } else {
                GameKind::Game
            };
            Known {
                seed,
                favourite: pick(n, 50, 4) == 0,
                hidden: pick(n, 51, 6) == 0,
                my_rating: (pick(n, 52, 3) == 0).then(|| pick(n, 53, 101) as i64),
            }
        })
        .collect()
}

async fn shelved(library: &[Known]) -> Hub {
    let seeds: Vec<Seed> = library.iter().map(|known| known.seed.clone()).collect();
    let hub = Hub::with(&seeds).await;
    for known in library {
        let said = json!({ "favourite": known.favourite, "hidden": known.hidden, "myRating": known.my_rating });
        mark(&hub, known.seed.n, said).await;
    }
    hub
}

/// What a game has in a field.
enum Has {
    Text(String),
    Names(Vec<String>),
    Number(Option<i64>),
    Day(Option<NaiveDate>),
    Flag(bool),
}

fn has(known: &Known, field: &str, today: NaiveDate) -> Has {
    let seed = &known.seed;
    let lower = |names: &[&str]| Has::Names(names.iter().map(|name| name.to_lowercase()).collect());
    match field {
        "TITLE" => Has::Text(seed.title.clone()),
        "PLATFORM" => lower(&seed.platforms),
        "PLATFORM_COUNT" => Has::Number(Some(seed.platforms.len() as i64)),
        "HELD_AS" => lower(&["owned"]),
        "STATUS" => lower(&[match seed.import_status {
            Some(status) => status,
            None if seed.minutes > 0 => "playing",
            None => "unplayed",
        }]),
        "GENRE" => lower(&seed.genres),
        "TAG" => lower(&seed.tags),
        "KIND" => lower(&[if seed.kind == GameKind::Dlc {
            "dlc"
        } else {
            "game"
        }]),
        "RELEASED" => Has::Day(seed.released.map(|date| date.parse().unwrap())),
        "PLAYTIME" => Has::Number(Some(i64::from(seed.minutes))),
        "PLAYED" => Has::Flag(seed.minutes > 0),
        "LAST_PLAYED" => Has::Day(seed.days_ago.map(|days| today - TimeDelta::days(days))),
        "FAVOURITE" => Has::Flag(known.favourite),
        "HIDDEN" => Has::Flag(known.hidden),
        "MY_RATING" => Has::Number(known.my_rating),
        "CRITIC_SCORE" => Has::Number(seed.score.map(i64::from)),
        // A level is a name and a number at once; which one is meant, the operator says.
        "AGE_RATING" => Has::Number(seed.esrb.map(|rating| i64::from(rating.level()))),
        other => panic!("no {other}"),
    }
}

fn holds(rule: &Value, known: &Known, today: NaiveDate) -> bool {
    let parts = |name: &str| rule[name].as_array();
    if let Some(parts) = parts("all") {
        return parts.iter().all(|part| holds(part, known, today));
    }
    if let Some(parts) = parts("any") {
        return parts.iter().any(|part| holds(part, known, today));
    }
    if let Some(parts) = parts("none") {
        return !parts.iter().any(|part| holds(part, known, today));
    }
    let (field, operator, value) = (
        rule["field"].as_str().unwrap(),
        rule["operator"].as_str().unwrap(),
        &rule["value"],
    );
    let wanted: Vec<String> = value["options"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|id| id.as_str().unwrap().to_lowercase())
        .collect();
    let text = value["text"].as_str().unwrap_or_default();
    let day = |value: &Value| value.as_str().map(|day| day.parse::<NaiveDate>().unwrap());
    let ago = |days: &Value| TimeDelta::days(days.as_i64().unwrap());
    match (has(known, field, today), operator) {
        (Has::Flag(flag), "IS_TRUE") => flag,
        (Has::Flag(flag), "IS_FALSE") => !flag,
        (Has::Text(title), "CONTAINS") => title.contains(text),
        (Has::Text(title), "DOES_NOT_CONTAIN") => !title.contains(text),
        (Has::Text(title), "STARTS_WITH") => title.starts_with(text),
        (Has::Names(names), "CONTAINS") => names.iter().any(|name| name.contains(text)),
        (Has::Names(names), "DOES_NOT_CONTAIN") => !names.iter().any(|name| name.contains(text)),
        (Has::Names(names), "ONE_OF") => wanted.iter().any(|one| names.contains(one)),
        (Has::Names(names), "ALL_OF") => wanted.iter().all(|one| names.contains(one)),
        (Has::Names(names), "NONE_OF") => !wanted.iter().any(|one| names.contains(one)),
        (Has::Names(names), "IS_SET") => !names.is_empty(),
        (Has::Names(names), "IS_NOT_SET") => names.is_empty(),
        (Has::Number(level), _) if field == "AGE_RATING" => {
            let levels: Vec<i64> = wanted
                .iter()
                .map(|id| {
                    RATINGS
                        .iter()
                        .position(|one| one.to_lowercase() == *id)
                        .unwrap() as i64
                })
                .collect();
            match operator {
                "AT_MOST" => level.is_some_and(|level| level <= levels[0]),
                "AT_LEAST" => level.is_some_and(|level| level >= levels[0]),
                "ONE_OF" => level.is_some_and(|level| levels.contains(&level)),
                "NONE_OF" => !level.is_some_and(|level| levels.contains(&level)),
                "IS_SET" => level.is_some(),
                _ => level.is_none(),
            }
        }
        (Has::Number(number), "IS_SET") => number.is_some(),
        (Has::Number(number), "IS_NOT_SET") => number.is_none(),
        (Has::Number(Some(number)), "AT_LEAST") => number >= value["number"].as_i64().unwrap(),
        (Has::Number(Some(number)), "AT_MOST") => number <= value["number"].as_i64().unwrap(),
        (Has::Number(Some(number)), "IS") => number == value["number"].as_i64().unwrap(),
        (Has::Number(Some(number)), "BETWEEN") => {
            value["numbers"]["from"]
                .as_i64()
                .is_none_or(|from| number >= from)
                && value["numbers"]["to"]
                    .as_i64()
                    .is_none_or(|to| number <= to)
        }
        (Has::Day(day), "IS_NOT_SET") => day.is_none(),
        (Has::Number(None) | Has::Day(None), _) => false,
        (Has::Day(Some(_)), "IS_SET") => true,
        (Has::Day(Some(on)), "BEFORE") => on < day(&value["date"]).unwrap(),
        (Has::Day(Some(on)), "AFTER") => on > day(&value["date"]).unwrap(),
        (Has::Day(Some(on)), "BETWEEN") => {
            day(&value["dates"]["from"]).is_none_or(|from| on >= from)
                && day(&value["dates"]["to"]).is_none_or(|to| on <= to)
        }
        (Has::Day(Some(on)), "IN_THE_LAST") => on <= today && on >= today - ago(&value["days"]),
        (Has::Day(Some(on)), "IN_THE_NEXT") => on >= today && on <= today + ago(&value["days"]),
        (Has::Day(Some(on)), "LONGER_AGO_THAN") => on < today - ago(&value["days"]),
        (_, other) => panic!("{field} cannot be asked {other}"),
    }
}

fn asks_about(rule: &Value, field: &str) -> bool {
    let parts = ["all", "any", "none"]
        .into_iter()
        .find_map(|name| rule[name].as_array());
    match parts {
        Some(parts) => parts.iter().any(|part| asks_about(part, field)),
        None => rule["field"] == field,
    }
}

fn brute_force(library: &[Known], rule: &Value, viewer: &Viewer, today: NaiveDate) -> Vec<u128> {
    let family = viewer.family();
    let seen = |known: &&Known| {
        family.is_none_or(|family| {
            // What a grown-up hid is not there for a child.
            !known.hidden
                && match known.seed.esrb {
                    Some(rating) => rating <= family.ceiling.esrb(),
                    None => family.unrated == Unrated::Show,
                }
        })
    };
    // And what they marked was never said.
    let as_seen = |known: &Known| {
        let told = family.is_none();
        Known {
            favourite: known.favourite && told,
            my_rating: known.my_rating.filter(|_| told),
            ..known.clone()
        }
    };
    library
        .iter()
        .filter(seen)
        .map(as_seen)
        .filter(|known| asks_about(rule, "HIDDEN") || !known.hidden)
        .filter(|known| asks_about(rule, "KIND") || known.seed.kind == GameKind::Game)
        .filter(|known| holds(rule, known, today))
        .map(|known| known.seed.n)
        .collect()
}

fn some_options(all: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::sample::subsequence(all, 1..=2).prop_map(|some| json!({ "options": some }))
}

fn conditions() -> impl Strategy<Value = Value> {
    let choices = |fields: &'static [&'static str],
                   operators: &'static [&'static str],
                   all: &'static [&'static str]| {
        (
            proptest::sample::select(fields),
            proptest::sample::select(operators),
            some_options(all),
        )
            .prop_map(|(field, operator, value)| when(field, operator, value))
            .boxed()
    };
    let number = (
        proptest::sample::select(&["PLATFORM_COUNT", "PLAYTIME", "MY_RATING", "CRITIC_SCORE"][..]),
        proptest::sample::select(&["AT_LEAST", "AT_MOST", "IS"][..]),
        0..=100,
    )
        .prop_map(|(field, operator, number)| when(field, operator, json!({ "number": number })));
    let numbers = (
        proptest::sample::select(&["PLAYTIME", "MY_RATING"][..]),
        0..60,
        0..41,
    )
        .prop_map(|(field, from, more)| {
            when(
                field,
                "BETWEEN",
                json!({ "numbers": { "from": from, "to": from + more } }),
            )
        });
    let day = || proptest::sample::select(&["RELEASED", "LAST_PLAYED"][..]);
    let days = (
        day(),
        proptest::sample::select(&["IN_THE_LAST", "LONGER_AGO_THAN"][..]),
        proptest::sample::select(&[1, 29, 30, 90, 36_500][..]),
    )
        .prop_map(|(field, operator, days)| when(field, operator, json!({ "days": days })));
    let next = (17..20).prop_map(|days| when("RELEASED", "IN_THE_NEXT", json!({ "days": days })));
    let date = (
        day(),
        proptest::sample::select(&["BEFORE", "AFTER"][..]),
        proptest::sample::select(&DATES[..]),
    )
        .prop_map(|(field, operator, date)| when(field, operator, json!({ "date": date })));
    let dates =
        (day(), 0..4_usize, 1..4_usize, any::<bool>()).prop_map(|(field, from, more, open)| {
            let to = DATES.get(from + more).filter(|_| !open);
            let mut span = json!({ "from": DATES[from] });
            if let Some(to) = to {
                span["to"] = json!(to);
            }
            when(field, "BETWEEN", json!({ "dates": span }))
        });
    let text = (
        proptest::sample::select(&["CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH"][..]),
        proptest::sample::select(&["am", "bridge", "castle d", "o", "7"][..]),
    )
        .prop_map(|(operator, text)| when("TITLE", operator, json!({ "text": text })));
    let name_text = (
        proptest::sample::select(&["GENRE", "TAG"][..]),
        proptest::sample::select(&["CONTAINS", "DOES_NOT_CONTAIN"][..]),
        proptest::sample::select(&["r", "op", "zz"][..]),
    )
        .prop_map(|(field, operator, text)| when(field, operator, json!({ "text": text })));
    let known = (
        proptest::sample::select(
            &[
                "GENRE",
                "TAG",
                "RELEASED",
                "LAST_PLAYED",
                "MY_RATING",
                "CRITIC_SCORE",
                "AGE_RATING",
            ][..],
        ),
        proptest::sample::select(&["IS_SET", "IS_NOT_SET"][..]),
    )
        .prop_map(|(field, operator)| when(field, operator, Value::Null));
    let flag = (
        proptest::sample::select(&["PLAYED", "FAVOURITE", "HIDDEN"][..]),
        proptest::sample::select(&["IS_TRUE", "IS_FALSE"][..]),
    )
        .prop_map(|(field, operator)| when(field, operator, Value::Null));
    let level = (
        proptest::sample::select(&["AT_MOST", "AT_LEAST"][..]),
        proptest::sample::select(&RATINGS[..]),
    )
        .prop_map(|(operator, rating)| when("AGE_RATING", operator, options(&[rating])));
    prop_oneof![
        choices(&["GENRE"], &["ONE_OF", "ALL_OF", "NONE_OF"], &GENRES),
        choices(&["TAG"], &["ONE_OF", "ALL_OF", "NONE_OF"], &TAGS),
        choices(&["PLATFORM"], &["ONE_OF", "ALL_OF", "NONE_OF"], &PLATFORMS),
        choices(
            &["HELD_AS"],
            &["ONE_OF", "ALL_OF", "NONE_OF"],
            &["OWNED", "WISHLIST"]
        ),
        choices(&["STATUS"], &["ONE_OF", "NONE_OF"], &STATUSES),
        choices(&["KIND"], &["ONE_OF", "NONE_OF"], &KINDS),
        choices(&["AGE_RATING"], &["ONE_OF", "NONE_OF"], &RATINGS),
        number,
        numbers,
        days,
        next,
        date,
        dates,
        text,
        name_text,
        known,
        flag,
        level,
    ]
}

fn rules() -> impl Strategy<Value = Value> {
    conditions().prop_recursive(4, 24, 4, |part| {
        (
            proptest::sample::select(&["all", "any", "none"][..]),
            proptest::collection::vec(part, 1..4),
        )
            .prop_map(|(group, parts)| json!({ group: parts }))
    })
}

#[test]
fn preview_and_saved_collection_have_the_games_that_brute_force_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for salt in 0..3 {
        let library = random_library(salt);
        let hub = runtime.block_on(shelved(&library));
        let today = hub.test.ports.clock.now().date_naive();
        let saved = runtime.block_on(create(
            &hub,
            &writing_child(),
            json!({ "name": "Any", "rule": when("HIDDEN", "IS_TRUE", Value::Null) }),
        ));
        let viewers = prop_oneof![
            Just(player(1)),
            Just(child(9, 1, Esrb::Teen)),
            Just(child(9, 1, Esrb::Everyone))
        ];
        let config = ProptestConfig {
            cases: 80,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        proptest!(config, |(rule in rules(), viewer in viewers)| {
            runtime.block_on(async {
                let expected = brute_force(&library, &rule, &viewer, today);
                assert_eq!(preview(&hub, &viewer, &rule).await, expected, "{rule}");
                // The same once more, through the database; the child with the Teen ceiling owns it.
                let input = json!({ "id": saved["id"], "rule": rule });
                let kept = hub.data(&writing_child(), UPDATE, json!({ "input": input })).await["updateCollection"].take();
                assert_eq!(kept["problems"], json!([]));
                let read = one(&hub, &writing_child(), &saved["id"]).await;
                assert_eq!(read["rule"], rule);
                let expected = brute_force(&library, &rule, &writing_child(), today);
                let mut games = numbers(&hub.data(&writing_child(), ONE, json!({ "id": saved["id"], "first": 100 })).await["collection"]["games"]["nodes"]);
                games.sort_unstable();
                assert_eq!(games, expected, "{rule}");
                assert_eq!(read["totalCount"], expected.len());
            });
        });
    }
}

#[test]
fn whatever_changes_in_between_a_rule_has_the_games_that_brute_force_finds() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut library = random_library(7);
    let hub = runtime.block_on(shelved(&library));
    let today = hub.test.ports.clock.now().date_naive();
    let changes =
        proptest::collection::vec((0..60_usize, any::<bool>(), any::<bool>(), 0..3), 1..6);
    let rules = proptest::collection::vec(rules(), 1..4);
    let config = ProptestConfig {
        cases: 25,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let library = std::cell::RefCell::new(&mut library);
    proptest!(config, |(rules in rules, changes in changes)| {
        let mut library = library.borrow_mut();
        runtime.block_on(async {
            for rule in &rules {
                assert_eq!(preview(&hub, &player(1), rule).await, brute_force(&library, rule, &player(1), today), "{rule}");
            }
            for (at, favourite, hidden, what) in changes {
                let known = &mut library[at];
                known.favourite = favourite;
                known.hidden = hidden;
                let said = json!({ "favourite": favourite, "hidden": hidden, "myRating": known.my_rating });
                mark(&hub, known.seed.n, said).await;
                if what == 0 {
                    // Elsewhere in the order of titles, and with a name that no game had before.
                    known.seed.title = format!("{} {}", known.seed.n, known.seed.title);
                    known.seed.genres = vec!["RPG", "Roguelike"];
                    let revision = 2 + i64::try_from(known.seed.title.len()).unwrap();
                    hub.learn(&known.seed, revision).await;
                }
                for rule in &rules {
                    assert_eq!(preview(&hub, &player(1), rule).await, brute_force(&library, rule, &player(1), today), "{rule}");
                }
            }
        });
    });
}
