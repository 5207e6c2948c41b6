//! The views of the library that a player keeps.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let made = NewTable {
        migration: "m0028_metadata_views",
        table: "metadata_view",
        columns,
    };
    made.alone()
}

fn columns(table: &mut TableCreateStatement) {
    table
        .col(uuid("player_id"))
        .col(string("name_key"))
        .col(string("name"))
        .col(json_binary("search"))
        .col(timestamp_with_time_zone("saved_at"))
        .primary_key(Index::create().col("player_id").col("name_key"));
}
