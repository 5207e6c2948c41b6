//! What a household held in libraries that it unlinked.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let made = NewTable {
        migration: "m0045_metadata_kept",
        table: "metadata_kept",
        columns,
    };
    made.alone()
}

fn columns(table: &mut TableCreateStatement) {
    table
        .col(uuid("household_id"))
        .col(uuid("match_id"))
        .primary_key(Index::create().col("household_id").col("match_id"));
}
