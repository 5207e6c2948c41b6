//! The four small services of the well-known gateway benchmarks: accounts, products, inventory and
//! reviews. Everything they say is made up from a *seed* that stands in every id, so that no two
//! requests of a bench are alike and every answer can be checked.

mod accounts;
mod http;
mod inventory;
mod products;
mod reviews;

pub use http::{serve, without_delay};

use async_graphql::ID;
use djinn_subgraph_kit::Subgraph;
use std::sync::Arc;

/// How many people there are for each seed.
const USERS: usize = 6;
/// How many things there are to buy.
const PRODUCTS: usize = 10;
/// How many opinions there are.
const REVIEWS: usize = 24;

/// All four.
pub fn all() -> Vec<Arc<dyn Subgraph>> {
    vec![
        Arc::new(accounts::local()),
        Arc::new(inventory::local()),
        Arc::new(products::local()),
        Arc::new(reviews::local()),
    ]
}

/// The SDL of one of them.
pub fn sdl(name: &str) -> Option<String> {
    match name {
        "accounts" => Some(accounts::local().sdl()),
        "inventory" => Some(inventory::local().sdl()),
        "products" => Some(products::local().sdl()),
        "reviews" => Some(reviews::local().sdl()),
        _ => None,
    }
}

/// The id of the `number`th of its kind: `seed-number`.
fn id_of(seed: &str, number: usize) -> ID {
    ID(format!("{seed}-{number}"))
}

/// Seed and number of an id; of a strange one, itself and 0.
fn parts(id: &ID) -> (&str, usize) {
    id.rsplit_once('-')
        .and_then(|(seed, number)| Some((seed, number.parse().ok()?)))
        .unwrap_or((id.as_str(), 0))
}
