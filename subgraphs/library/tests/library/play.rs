//! What was played on which day, and where a household stands with a game.

use super::{
    household::{Hub, game, game_id},
    stage::{Stage, game_of, owned},
};
use chrono::{NaiveDate, TimeDelta};
use djinn_kernel::{
    Clock,
    event::CopiesMatched,
    ids::{CopyId, GameId, LibraryId},
};
use djinn_library::{copy::entity as copy, play::entity as record, status::entity as change};
use djinn_testkit::viewers::player;
use proptest::prelude::*;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;

async fn days(stage: &Stage) -> Vec<(NaiveDate, i32)> {
    let rows = record::Entity::find()
        .order_by_asc(record::Column::Day)
        .all(stage.hub.test.ports.db.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.day, row.minutes)).collect()
}

async fn changes(hub: &Hub) -> Vec<(String, String, String)> {
    let rows = change::Entity::find()
        .order_by_asc(change::Column::Id)
        .all(hub.test.ports.db.read())
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.from, row.to, format!("{:?}", row.by).to_lowercase()))
        .collect()
}

fn told(changes: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let owned = |(from, to, by): &(&str, &str, &str)| {
        ((*from).to_owned(), (*to).to_owned(), (*by).to_owned())
    };
    changes.iter().map(owned).collect()
}

#[tokio::test]
async fn what_is_played_between_two_syncs_goes_to_its_day_and_what_was_before_to_none() {
    let (stage, library) = Stage::synced(vec![owned(70, "Half-Life", 500)]).await;
    assert_eq!(days(&stage).await, [], "nobody knows when that was");

    // 2 January, 03:04 UTC. The platform says when it was played last.
    let played = |minutes: u32, at: &str| {
        let at = at
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
            .timestamp();
        vec![
            json!({ "appid": 70, "name": "Half-Life", "playtime_forever": minutes, "rtime_last_played": at }),
        ]
    };
    stage.later(TimeDelta::hours(20));
    stage.shop.sells(played(590, "2026-01-02T22:00:00Z"));
    stage.sync_again(&library).await;
    stage.later(TimeDelta::hours(20));
    stage.shop.sells(played(600, "2026-01-03T00:10:00Z"));
    stage.sync_again(&library).await;
    stage.shop.sells(played(620, "2026-01-03T18:30:00Z"));
    stage.sync_again(&library).await;
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(
        days(&stage).await,
        [(day("2026-01-02"), 90), (day("2026-01-03"), 30)]
    );

    // A number that shrinks or jumps says nothing about days.
    stage.shop.sells(played(10, "2026-01-03T18:30:00Z"));
    stage.sync_again(&library).await;
    stage.shop.sells(played(99_999, "2026-01-03T18:30:00Z"));
    stage.sync_again(&library).await;
    assert_eq!(days(&stage).await.len(), 2);

    let row = record::Entity::find()
        .one(stage.hub.test.ports.db.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.game_id, &*row.platform),
        (Some(game_of("Half-Life").0), "steam")
    );
    let query = "mutation($id: ID!) { unlinkLibrary(id: $id) { ok } }";
    stage
        .hub
        .data(&stage.me, query, json!({ "id": library }))
        .await;
    assert_eq!(days(&stage).await, []);
}

#[tokio::test]
async fn play_records_follow_a_copy_that_turns_out_to_be_another_game() {
    let (stage, library) = Stage::synced(vec![owned(70, "Prey", 5)]).await;
    stage.shop.sells(vec![owned(70, "Prey", 35)]);
    stage.sync_again(&library).await;
    let row = record::Entity::find()
        .one(stage.hub.test.ports.db.read())
        .await
        .unwrap()
        .unwrap();
    let matched = CopiesMatched {
        library: LibraryId(library.parse().unwrap()),
        revision: 7,
        matches: vec![(CopyId(row.copy_id), game_of("Prey (2017)"))],
    };
    let ear = stage.hub.parts.consumer.as_ref().unwrap();
    stage.hub.test.send(&**ear, &matched).await;
    let row = record::Entity::find()
        .one(stage.hub.test.ports.db.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.game_id, Some(game_of("Prey (2017)").0));
}

#[tokio::test]
async fn an_import_invents_no_days() {
    let stage = Stage::set().await;
    let query =
        "mutation($input: ImportInput!) { importGames(input: $input) { problems { message } } }";
    for hours in [1, 5] {
        let content = format!("title,hours\nCeleste,{hours}\n");
        let input = json!({ "input": { "format": "CSV", "label": "File", "content": content } });
        let done = stage.hub.data(&stage.me, query, input).await;
        assert_eq!(done["importGames"]["problems"], json!([]));
    }
    assert_eq!(days(&stage).await, []);
}

#[tokio::test]
async fn every_change_of_status_is_told_with_who_changed_it() {
    let hub = Hub::with(&[game(1, "Celeste"), {
        let mut imported = game(2, "Hades");
        imported.import_status = Some("completed");
        imported
    }])
    .await;
    hub.change_copies(1, 1, |copy| copy.playtime_minutes = 9)
        .await;
    hub.change_copies(1, 1, |copy| copy.playtime_minutes = 10)
        .await;
    let update =
        "mutation($input: UpdateGameInput!) { updateGame(input: $input) { problems { code } } }";
    for status in ["completed", "completed", "on_hold"] {
        let input = json!({ "input": { "gameId": game_id(1), "status": status } });
        hub.data(&player(1), update, input).await;
    }
    let input = json!({ "input": { "gameId": game_id(1), "favourite": true } });
    hub.data(&player(1), update, input).await;
    assert_eq!(
        changes(&hub).await,
        told(&[
            ("unplayed", "completed", "import"),
            ("unplayed", "playing", "rule"),
            ("playing", "completed", "person"),
            ("completed", "on_hold", "person"),
        ])
    );
    hub.rematch(1, 1, 3).await;
    let rows = change::Entity::find()
        .all(hub.test.ports.db.read())
        .await
        .unwrap();
    let of = |n: u128| rows.iter().filter(|row| row.game_id == game_id(n)).count();
    assert_eq!(
        (of(1), of(3)),
        (0, 3),
        "the history goes with the game's last copy"
    );
}

#[tokio::test]
async fn a_match_that_is_delivered_late_does_not_move_a_copy_back() {
    let hub = Hub::with(&[game(1, "Prey")]).await;
    let one = copy::Entity::find()
        .one(hub.test.ports.db.read())
        .await
        .unwrap()
        .unwrap();
    let ear = hub.parts.consumer.as_ref().unwrap();
    let say = async |revision: i64, n: u128| {
        let matched = CopiesMatched {
            library: LibraryId(one.library_id),
            revision,
            matches: vec![(CopyId(one.id), GameId(game_id(n)))],
        };
        hub.test.send(&**ear, &matched).await;
        let row = copy::Entity::find_by_id(one.id)
            .one(hub.test.ports.db.read())
            .await
            .unwrap();
        row.unwrap().game_id.unwrap()
    };
    assert_eq!(say(5, 2).await, game_id(2));
    assert_eq!(say(4, 1).await, game_id(2), "an older word");
    assert_eq!(say(6, 2).await, game_id(2), "the same again, newer");
    assert_eq!(say(5, 1).await, game_id(2), "older than that");
    assert_eq!(say(7, 1).await, game_id(1));
}

/// One copy of the game, as it is found.
#[derive(Debug, Clone)]
struct Found {
    minutes: i32,
    imported: Option<&'static str>,
    played_since: bool,
}

fn copies() -> impl Strategy<Value = Vec<Found>> {
    let statuses = prop_oneof![
        Just(None),
        Just(Some("unplayed")),
        Just(Some("completed")),
        Just(Some("abandoned")),
    ];
    let found = (0_i32..3, statuses, any::<bool>()).prop_map(|(played, imported, since)| Found {
        minutes: played * 50,
        imported,
        played_since: since && played > 0,
    });
    proptest::collection::vec(found, 1..5)
}

/// The status after these copies were matched in this order, one event each.
async fn status_after(hub: &Hub, n: u128, copies: &[Found], order: &[usize]) -> String {
    let mut one = game(n, "Celeste");
    one.platforms = ["steam", "gog", "epic", "xbox"][..copies.len()].to_vec();
    let all: Vec<copy::Model> = hub.find_copies(1, &one).await;
    let txn = hub.test.ports.db.begin().await.unwrap();
    for (row, found) in all.iter().zip(copies) {
        use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
        let mut row = row.clone().into_active_model();
        row.playtime_minutes = Set(found.minutes);
        row.import_status = Set(found.imported.map(str::to_owned));
        let row = row.update(&txn).await.unwrap();
        if found.played_since {
            let day = hub.test.clock.now().date_naive();
            let grown = djinn_library::play::Growth {
                copy: row.id,
                household: row.household_id,
                game: None,
                platform: row.platform,
                minutes: 10,
                since: None,
                now: hub.test.clock.now(),
                last_played_at: None,
            };
            let utc = djinn_library::household::Zone::default();
            assert_eq!(grown.days(utc), [(day, 10)]);
            djinn_library::play::store::record(&txn, row.household_id, &[grown])
                .await
                .unwrap();
        }
    }
    txn.commit().await.unwrap();
    let ear = hub.parts.consumer.as_ref().unwrap();
    for at in order {
        let matched = CopiesMatched {
            library: LibraryId(all[*at].library_id),
            revision: 1,
            matches: vec![(CopyId(all[*at].id), GameId(game_id(n)))],
        };
        hub.test.send(&**ear, &matched).await;
    }
    let query = "query($ids: [_Any!]!) { _entities(representations: $ids) { ... on Game { status { id } } } }";
    let ids = json!({ "ids": [{ "__typename": "Game", "id": game_id(n) }] });
    let seen = hub.data(&player(1), query, ids).await;
    seen["_entities"][0]["status"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn the_status_does_not_depend_on_the_order_in_which_copies_are_matched() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let hub = Hub::new().await;
    let mut runner = TestRunner::deterministic();
    let mut n = 0;
    for case in 0..40 {
        let copies = copies().new_tree(&mut runner).unwrap().current();
        let mut order: Vec<usize> = (0..copies.len()).collect();
        n += 1;
        let first = status_after(&hub, n, &copies, &order).await;
        for turn in 1..copies.len() {
            order.rotate_left(1);
            if turn % 2 == 1 {
                order.reverse();
            }
            n += 1;
            let other = status_after(&hub, n, &copies, &order).await;
            assert_eq!(
                other, first,
                "case {case}: {copies:?} in the order {order:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_imported_unplayed_game_is_unplayed_until_somebody_plays_it() {
    let hub = Hub::new().await;
    let found = |minutes, imported, played_since| Found {
        minutes,
        imported,
        played_since,
    };
    let copies = [found(30, None, false), found(0, Some("unplayed"), false)];
    for (n, order) in [(1, [0, 1]), (2, [1, 0])] {
        assert_eq!(status_after(&hub, n, &copies, &order).await, "unplayed");
    }
    let copies = [found(30, None, true), found(0, Some("unplayed"), false)];
    for (n, order) in [(3, [0, 1]), (4, [1, 0])] {
        assert_eq!(status_after(&hub, n, &copies, &order).await, "playing");
    }
}
