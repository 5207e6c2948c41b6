//! Prints how long questions take for a household of 10,000 games, from the graph down to the
//! database: `cargo run --release -p djinn-ai --example ten_thousand`.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on should stop"
)]

use djinn_ai::{Ai, Config};
use djinn_kernel::{
    event::{GameChanged, GameKind, HoldingChanged},
    ids::GameId,
};
use djinn_testkit::{
    ports::frozen,
    viewers::{call, player, player_id},
};
use serde_json::json;
use std::time::Instant;
use uuid::Uuid;

const GAMES: u128 = 10_000;

/// The end of SplitMix64 (Steele, Lea and Flood, 2014).
fn mix(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[tokio::main]
async fn main() {
    let ports = frozen().await;
    let parts = Ai::assemble(ports.ports.clone(), Config::default());
    let consumer = parts.consumer.unwrap();
    let start = Instant::now();
    for n in 0..GAMES {
        // Three genres of 20, twelve tags of 300, a developer of 2,000: about what a store says.
        let pick = |salt: u128, of: u128| u128::from(mix((n * 32 + salt) as u64)) % of;
        let game = GameId(Uuid::from_u128(n + 1));
        ports
            .send(
                &*consumer,
                &GameChanged {
                    game,
                    revision: 1,
                    title: format!("The Game of Number {n}"),
                    kind: GameKind::Game,
                    released_on: None,
                    genres: (0..3)
                        .map(|salt| format!("Genre {}", pick(salt, 20)))
                        .collect(),
                    tags: (3..15)
                        .map(|salt| format!("Tag {}", pick(salt, 300)))
                        .collect(),
                    developers: vec![format!("Studio {}", pick(15, 2000))],
                    esrb: None,
                    boards: None,
                    critic_score: Some(50 + pick(16, 50) as i16),
                    main_story_minutes: Some(60 + pick(17, 3000) as i32),
                    enriched: true,
                },
            )
            .await;
        ports
            .send(
                &*consumer,
                &HoldingChanged {
                    household: player_id(1),
                    game,
                    revision: 1,
                    held: true,
                    playtime_minutes: if pick(18, 10) == 0 {
                        pick(19, 6000) as i32
                    } else {
                        0
                    },
                    last_played_at: None,
                    status: None,
                    hidden: false,
                    favourite: false,
                    my_rating: None,
                },
            )
            .await;
    }
    println!("filled in {} ms", start.elapsed().as_millis());
    let query = "query($c: String) { recommendGames(criteria: $c, limit: 50) { score game { id } reasons { text } } }";
    for (what, criteria) in [
        ("cold, after a change", None),
        ("again", None),
        (
            "with words",
            Some("a relaxing genre 7 game under 20 hours, no tag 9, like The Game of Number 77"),
        ),
    ] {
        let start = Instant::now();
        let call = call(&player(1), query, json!({ "c": criteria }));
        let answer = parts.subgraph.execute(call).await.unwrap();
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        println!("{what}: {} ms", start.elapsed().as_millis());
    }
}
