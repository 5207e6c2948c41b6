//! Every table of Game Djinn, one module per subgraph.
//!
//! No foreign key crosses subgraphs: each may live in a database of its own. Migrations expand,
//! move, then contract, and run the same on SQLite and PostgreSQL.

pub mod ai;
mod boards;
pub mod events;
mod hidden;
pub mod leaderboard;
pub mod library;
pub mod metadata;
mod new_table;
mod parts;
pub mod session;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigratorTrait, SchemaManager, migrator::MigrationStatus};

/// Brings a database to this binary's version.
#[derive(Debug, Clone, Copy)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        let mut all = events::migrations();
        all.extend(session::migrations());
        all.extend(metadata::migrations());
        all.extend(library::migrations());
        all.extend(ai::migrations());
        all.extend(leaderboard::migrations());
        all
    }
}
