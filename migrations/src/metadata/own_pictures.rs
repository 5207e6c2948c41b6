//! Pictures that a person brought for a game.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let made = NewTable {
        migration: "m0030_metadata_own_pictures",
        table: "metadata_own_picture",
        columns,
    };
    made.alone()
}

fn columns(table: &mut TableCreateStatement) {
    table
        .col(uuid("id").primary_key())
        .col(blob("file"))
        .col(timestamp_with_time_zone("added_at"));
}
