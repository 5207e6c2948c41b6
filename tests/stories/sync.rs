//! The main job: link an account, sync through Steam's bad moods, survive a kill -9.

use crate::hub::{Hub, Person, Placement};
use djinn_testkit::steam::{self, ACCOUNT, KEY, Mood, PRIVATE, Steam, VANITY};
use serde_json::{Value, json};
use std::{sync::Arc, time::Instant};

const LINK: &str = "mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id } problems { code field message } } }";
const RUN: &str = "{ libraries { nodes { id gamesCount lastSync { state stage done total error { code message } } } } }";
const RETRY: &str =
    "mutation($id: ID!) { retrySync(libraryId: $id) { problems { code message } } }";
const PROGRESS: &str = "subscription($id: ID!) { syncProgress(libraryId: $id) { epoch rev final run { state stage done total currentTitle rateLimitedUntil rev } } }";

async fn hub_with_steam(placement: Placement) -> (Hub, Arc<Steam>) {
    let steam = Steam::new();
    (hub_with(placement, &steam).await, steam)
}

/// A hub that takes this stand-in for Steam.
pub async fn hub_with(placement: Placement, steam: &Arc<Steam>) -> Hub {
    let address = Arc::clone(steam).serve(0).await;
    Hub::start(
        placement,
        &[
            ("DJINN__STEAM__API_URL", format!("http://{address}")),
            ("DJINN__STEAM__STORE_URL", format!("http://{address}")),
            // The stand-in has no limit of its own beyond its moods; 300 pages in one go.
            ("DJINN__STEAM__STORE_REQUESTS_PER_5_MIN", "5000".to_owned()),
        ],
    )
    .await
}

pub async fn link(person: &Person<'_>, account: &str) -> Value {
    let fields =
        json!([{ "name": "apiKey", "value": KEY }, { "name": "account", "value": account }]);
    let input = json!({ "platform": "steam", "label": "My Steam", "fields": fields });
    person.ask(LINK, json!({ "input": input })).await["linkLibrary"].take()
}

/// What a person sees in the end, without ids and times that differ between hubs.
async fn end_state(person: &Person<'_>) -> Vec<Value> {
    let mut games = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = person
            .ask(
                "query($after: String) { games(first: 100, after: $after, filter: { kinds: [GAME, DLC, DEMO, EXTRA, TOOL] }) {
                    totalCount pageInfo { hasNextPage endCursor }
                    nodes { title kind releasedOn genres developers esrb esrbSource criticScore summary playtimeMinutes lastPlayedAt status { id }
                            ageRatings { board rating descriptors source } copies { storeId title holding playtimeMinutes platform { id } } } } }",
                json!({ "after": after }),
            )
            .await;
        games.extend(page["games"]["nodes"].as_array().unwrap().iter().cloned());
        if page["games"]["pageInfo"]["hasNextPage"] != true {
            assert_eq!(page["games"]["totalCount"], games.len());
            break;
        }
        after = page["games"]["pageInfo"]["endCursor"].clone();
    }
    games
}

/// The first library, when its sync is over.
pub async fn finished(person: &Person<'_>) -> Value {
    let done = person
        .until(90, RUN, |data| {
            let state = &data["libraries"]["nodes"][0]["lastSync"]["state"];
            state == "SUCCEEDED" || state == "FAILED"
        })
        .await;
    assert_eq!(
        done["libraries"]["nodes"][0]["lastSync"]["state"], "SUCCEEDED",
        "{done:#}"
    );
    done
}

/// The hub would try again by itself, later each time; whoever is impatient says so.
async fn hurry(person: &Person<'_>, library: &Value) {
    let retried = person.ask(RETRY, json!({ "id": library })).await;
    let problems = retried["retrySync"]["problems"].as_array().unwrap();
    // Where it has just begun to, nobody is needed.
    assert!(
        problems
            .iter()
            .all(|problem| problem["code"] == "SYNC_RUNNING"),
        "{retried:#}"
    );
}

async fn undisturbed(placement: Placement) -> Vec<Value> {
    let (hub, _steam) = hub_with_steam(placement).await;
    let owner = hub.owner().await;
    assert_eq!(link(&owner, VANITY).await["problems"], json!([]));
    finished(&owner).await;
    end_state(&owner).await
}

async fn a_sync_through_bad_moods_and_a_kill_ends_like_an_undisturbed_one(placement: Placement) {
    let expected = undisturbed(placement).await;
    assert!(expected.len() > 290, "{} games", expected.len());

    let (mut hub, steam) = hub_with_steam(placement).await;
    let listings = || {
        let asked = steam.asked();
        let lists = asked
            .iter()
            .filter(|path| path.starts_with("GetOwnedGames"));
        lists.count()
    };
    let owner = hub.owner().await;
    let started = Instant::now();
    let mut library = Value::Null;
    for (mood, code) in [
        (Mood::Truncated, "PROVIDER_MALFORMED"),
        (Mood::Down, "PROVIDER_DOWN"),
    ] {
        // However often it is asked: the hub tries again by itself, later each time, and may have
        // done so before a machine that is busy has looked.
        steam.calm();
        steam.owned_moods([mood; 20]);
        if library.is_null() {
            library = link(&owner, ACCOUNT).await["library"]["id"].take();
        } else {
            hurry(&owner, &library).await;
        }
        let waits = |data: &Value| {
            let run = &data["libraries"]["nodes"][0]["lastSync"];
            run["state"] == "WAITING" && run["error"]["code"] == code
        };
        owner.until(20, RUN, waits).await;
    }
    steam.calm();
    steam.owned_moods([Mood::TooMany(Some(1))]);
    steam.page_moods([Mood::TooMany(Some(1)), Mood::Down, Mood::Truncated]);
    hurry(&owner, &library).await;
    owner
        .until(60, RUN, |data| {
            data["libraries"]["nodes"][0]["lastSync"]["stage"] == "ENRICHING"
        })
        .await;
    let whole = listings();
    // Once some store pages are in, the power goes.
    owner
        .until(60, RUN, |data| {
            let run = &data["libraries"]["nodes"][0]["lastSync"];
            run["stage"] == "ENRICHING" && run["done"].as_i64() > Some(20)
        })
        .await;
    // In three moods and in none, and once more at most every two seconds that nobody hurried it.
    let listed = listings();
    assert_eq!(listed, whole, "a list that is in was fetched again");
    assert!(
        listed as u64 <= 4 + started.elapsed().as_secs() / 2,
        "the listing was fetched {listed} times in {:?}",
        started.elapsed()
    );
    let token = owner.token.clone().unwrap();
    hub.kill_and_restart().await;
    // The signing key survived, so nobody has to sign in again.
    let owner = hub.with_key(&token);
    finished(&owner).await;
    assert_eq!(end_state(&owner).await, expected);
    let again = listings() - listed;
    assert!(again <= 1, "the listing was fetched {again} times again");
}

async fn the_progress_of_a_sync_is_watched_live_and_never_goes_back(placement: Placement) {
    let (hub, steam) = hub_with_steam(placement).await;
    // Long enough that whoever subscribes now still meets the wait.
    steam.owned_moods([Mood::TooMany(Some(6))]);
    let owner = hub.owner().await;
    let library = link(&owner, VANITY).await["library"]["id"].take();
    let mut events = owner.subscribe(PROGRESS, json!({ "id": library })).await;
    let (mut seen, mut waited, mut last) = (Vec::new(), false, -1);
    while let Some(event) = events.next().await {
        let progress = &event["syncProgress"];
        let rev = progress["rev"].as_i64().unwrap();
        assert!(rev > last, "revision {rev} after {last}");
        last = rev;
        waited |= progress["run"]["state"] == "WAITING"
            && progress["run"]["rateLimitedUntil"].is_string();
        if seen.last() != Some(&progress["run"]["stage"]) {
            seen.push(progress["run"]["stage"].clone());
        }
        if progress["final"] == true {
            assert_eq!(progress["run"]["state"], "SUCCEEDED");
            break;
        }
    }
    assert!(waited, "nobody was told that Steam asked to wait");
    assert_eq!(seen.last(), Some(&json!("DONE")), "{seen:?}");
    assert!(
        events.next().await.is_none(),
        "the stream goes on after the end"
    );
}

async fn a_private_profile_changes_nothing_and_says_why(placement: Placement) {
    let (hub, _steam) = hub_with_steam(placement).await;
    let owner = hub.owner().await;
    assert_eq!(link(&owner, PRIVATE).await["problems"], json!([]));
    let failed = owner
        .until(30, RUN, |data| {
            data["libraries"]["nodes"][0]["lastSync"]["state"] == "FAILED"
        })
        .await;
    let library = &failed["libraries"]["nodes"][0];
    assert_eq!(library["lastSync"]["error"]["code"], "PROFILE_PRIVATE");
    assert!(
        library["lastSync"]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("public"),
        "{library}"
    );
    assert_eq!(library["gamesCount"], 0);
}

async fn every_odd_title_is_kept_as_the_store_writes_it(placement: Placement) {
    let (hub, _steam) = hub_with_steam(placement).await;
    let owner = hub.owner().await;
    link(&owner, VANITY).await;
    finished(&owner).await;
    let state = end_state(&owner).await;
    let mut kept: Vec<String> = state
        .iter()
        .flat_map(|game| game["copies"].as_array().unwrap())
        .map(|copy| copy["title"].as_str().unwrap().to_owned())
        .collect();
    let mut expected: Vec<String> = steam::titles()
        .into_iter()
        .map(|title| title.name)
        .collect();
    kept.sort();
    expected.sort();
    assert_eq!(kept, expected);
    // A soundtrack, an expansion and a demo are never the game.
    let kind = |title: &str| {
        let game = state
            .iter()
            .find(|game| game["copies"][0]["title"] == title)
            .unwrap_or_else(|| panic!("no {title}"));
        game["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(kind("The Witcher 3: Wild Hunt - Blood and Wine"), "DLC");
    assert_eq!(kind("The Witcher 3: Wild Hunt Soundtrack"), "EXTRA");
    assert_eq!(kind("Hollow Knight: Silksong Demo"), "DEMO");
}

crate::in_both_placements!(
    a_sync_through_bad_moods_and_a_kill_ends_like_an_undisturbed_one,
    the_progress_of_a_sync_is_watched_live_and_never_goes_back,
    a_private_profile_changes_nothing_and_says_why,
    every_odd_title_is_kept_as_the_store_writes_it,
);
