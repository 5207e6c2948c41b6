//! What a household has set for itself: its time zone.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let made = NewTable {
        migration: "m0030_library_household",
        table: "library_household",
        columns,
    };
    made.alone()
}

fn columns(table: &mut TableCreateStatement) {
    table
        .col(uuid("household_id").primary_key())
        .col(string("time_zone"));
}
