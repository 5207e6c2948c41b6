//! What a household held in libraries that it unlinked, and which libraries are gone.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let kept = NewTable {
        migration: "m0045_metadata_kept",
        table: "metadata_kept",
        columns: columns_of_kept,
    };
    let gone = NewTable {
        migration: "m0046_metadata_gone",
        table: "metadata_gone",
        columns: columns_of_gone,
    };
    vec![Box::new(kept), Box::new(gone)]
}

fn columns_of_kept(table: &mut TableCreateStatement) {
    table
        .col(uuid("household_id"))
        .col(uuid("match_id"))
        .primary_key(Index::create().col("household_id").col("match_id"));
}

fn columns_of_gone(table: &mut TableCreateStatement) {
    table.col(uuid("library_id").primary_key());
}
