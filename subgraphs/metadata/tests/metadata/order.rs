//! The outcome does not depend on the order in which libraries are imported.

use crate::story::{Story, copy, product};
use djinn_kernel::{event::FoundCopy, ids::CopyId};
use djinn_testkit::viewers::player;
use proptest::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn dated(n: u128, platform: &str, title: &str, year: i32) -> FoundCopy {
    FoundCopy {
        year: Some(year),
        ..copy(n, platform, title)
    }
}

fn copies() -> Vec<FoundCopy> {
    vec![
        product(1, "steam", "22370", "Fallout 3: Game of the Year Edition"),
        product(2, "steam", "22300", "Fallout 3"),
        product(3, "gog", "9", "Fallout 3 GOTY"),
        copy(4, "manual", "Fallout 3"),
        dated(5, "manual", "Prey", 2006),
        dated(6, "other", "Prey", 2017),
        product(7, "steam", "480490", "Prey"),
        dated(8, "manual", "Prey", 2016),
        copy(9, "manual", "DOOM (1993)"),
        product(10, "steam", "379720", "DOOM"),
        copy(11, "xbox", "Doom (2016)"),
        copy(12, "manual", "Witcher 3: Wild Hunt, The"),
        product(
            13,
            "gog",
            "12",
            "The Witcher 3: Wild Hunt - Complete Edition",
        ),
        copy(14, "xbox", "The Witcher® III – Wild Hunt"),
        dated(15, "manual", "Annual", 2005),
        dated(16, "manual", "Annual", 2006),
        dated(17, "manual", "Annual", 2007),
    ]
}

/// More of the same games, for after a person decided.
fn more_copies() -> Vec<FoundCopy> {
    vec![
        product(21, "epic", "f3", "Fallout 3"),
        product(22, "epic", "f3g", "Fallout 3 GOTY"),
        product(23, "epic", "w3", "The Witcher 3: Wild Hunt"),
        product(24, "gog", "9", "Fallout 3 GOTY"),
        dated(25, "manual", "Prey", 2017),
        copy(26, "manual", "Doom (1993)"),
        product(27, "epic", "prey", "Prey"),
        copy(28, "other", "Annual"),
    ]
}

/// What a person decides about copies.
#[derive(Debug, Clone, Copy)]
enum Decided {
    /// The games of both are one.
    Same(u128, u128),
    /// The second is not of the game it is of, the first stays.
    Apart(u128, u128),
    /// The last decision about the game of this copy is taken back.
    Undone(u128),
}

fn decided() -> impl Strategy<Value = Vec<Decided>> {
    let copy = 1_u128..18;
    let one = prop_oneof![
        (copy.clone(), copy.clone()).prop_map(|(one, other)| Decided::Same(one, other)),
        Just(Decided::Apart(2, 3)),
        Just(Decided::Apart(12, 13)),
        (copy.clone(), copy.clone()).prop_map(|(one, other)| Decided::Apart(one, other)),
        copy.prop_map(Decided::Undone),
    ];
    proptest::collection::vec(one, 1..5)
}

async fn decide(story: &Story, decided: Decided) {
    let who = player(1);
    match decided {
        Decided::Same(one, other) => {
            let (into, game) = (story.game_of(one).await, story.game_of(other).await);
            let input = json!({ "input": { "into": into, "games": [game] } });
            let merge = "mutation($input: MergeGamesInput!) { mergeGames(input: $input) { problems { code } } }";
            story.ask(&who, merge, input).await;
        }
        Decided::Apart(stays, goes) => {
            let game = story.game_of(goes).await;
            if story.game_of(stays).await != game {
                return;
            }
            let input = json!({ "input": { "game": game, "copies": [Uuid::from_u128(goes)] } });
            let split = "mutation($input: SplitGameInput!) { splitGame(input: $input) { problems { code } } }";
            story.ask(&who, split, input).await;
        }
        Decided::Undone(copy) => {
            let game = story.game_of(copy).await;
            let history = "query($id: ID!) { game(id: $id) { merges { id action undoneAt } } }";
            let told = story.ask(&who, history, json!({ "id": game })).await;
            let entries = told["data"]["game"]["merges"].as_array().unwrap();
            let last = entries
                .iter()
                .find(|entry| entry["action"] != "MATCHED" && entry["undoneAt"].is_null());
            if let Some(last) = last {
                let undo = "mutation($id: ID!) { undoMerge(id: $id) { problems { code } } }";
                story.ask(&who, undo, json!({ "id": last["id"] })).await;
            }
        }
    }
}

/// Which copies are one game, after these batches in this order.
async fn games(batches: Vec<Vec<FoundCopy>>) -> BTreeSet<BTreeSet<CopyId>> {
    games_after(batches, &[], Vec::new()).await
}

/// Which copies are one game, after these batches, these decisions and more batches.
async fn games_after(
    before: Vec<Vec<FoundCopy>>,
    decisions: &[Decided],
    after: Vec<Vec<FoundCopy>>,
) -> BTreeSet<BTreeSet<CopyId>> {
    let story = Story::new().await;
    for batch in before {
        story.find(batch).await;
    }
    for decided in decisions {
        decide(&story, *decided).await;
    }
    for batch in after {
        story.find(batch).await;
    }
    let mut games: BTreeMap<_, BTreeSet<CopyId>> = BTreeMap::new();
    for (copy, game) in &story.heard().await.matches {
        games.entry(*game).or_default().insert(*copy);
    }
    games.into_values().collect()
}

fn batches() -> impl Strategy<Value = Vec<Vec<FoundCopy>>> {
    batches_of(copies())
}

fn batches_of(copies: Vec<FoundCopy>) -> impl Strategy<Value = Vec<Vec<FoundCopy>>> {
    (Just(copies).prop_shuffle(), 1_usize..6)
        .prop_map(|(copies, size)| copies.chunks(size).map(<[FoundCopy]>::to_vec).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_imports_leads_to_the_same_games(batches in batches()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (one, other) = runtime.block_on(async { (games(vec![copies()]).await, games(batches).await) });
        prop_assert_eq!(one, other);
    }
    #[test]
    fn a_persons_decisions_hold_whatever_order_the_rest_comes_in(
        before in batches(),
        decisions in decided(),
        after in batches_of(more_copies()),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (one, other) = runtime.block_on(async {
            (
                games_after(vec![copies()], &decisions, vec![more_copies()]).await,
                games_after(before, &decisions, after).await,
            )
        });
        prop_assert_eq!(one, other);
    }
}
