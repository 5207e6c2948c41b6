//! The outcome does not depend on the order in which libraries are imported.

use crate::story::{Story, copy, product};
use djinn_kernel::{event::FoundCopy, ids::CopyId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

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

/// Which copies are one game, after these batches in this order.
async fn games(batches: Vec<Vec<FoundCopy>>) -> BTreeSet<BTreeSet<CopyId>> {
    let story = Story::new().await;
    for batch in batches {
        story.find(batch).await;
    }
    let mut games: BTreeMap<_, BTreeSet<CopyId>> = BTreeMap::new();
    for (copy, game) in &story.heard().await.matches {
        games.entry(*game).or_default().insert(*copy);
    }
    games.into_values().collect()
}

fn batches() -> impl Strategy<Value = Vec<Vec<FoundCopy>>> {
    (Just(copies()).prop_shuffle(), 1_usize..6)
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
}
