//! What a game had of its own before another was merged into it.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let made = NewTable {
        migration: "m0025_library_joined",
        table: "library_joined",
        columns,
    };
    made.alone()
}

fn columns(table: &mut TableCreateStatement) {
    table
        .col(uuid("household_id"))
        .col(uuid("from_game"))
        .col(uuid("to_game"))
        .col(json_binary("body"))
        .primary_key(
            Index::create()
                .col("household_id")
                .col("from_game")
                .col("to_game"),
        );
}
