//! The tables of the library subgraph.

mod accounts;
mod collections;
mod games;

use sea_orm_migration::prelude::*;

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all = accounts::migrations();
    all.extend(games::migrations());
    all.extend(collections::migrations());
    all
}
