//! The statuses that a household makes for itself.

use crate::new_table::NewTable;
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let made = NewTable {
        migration: "m0028_library_statuses",
        table: "library_status",
        columns,
    };
    vec![Box::new(made), Box::new(Ids)]
}

fn columns(table: &mut TableCreateStatement) {
    table
        .col(uuid("household_id"))
        .col(string("name_key"))
        .col(string("name"))
        .col(timestamp_with_time_zone("created_at"))
        .primary_key(Index::create().col("household_id").col("name_key"));
}

/// A status may be renamed, so it is no longer known by its name: those there are keep the name
/// they have as their id, which is what everything says already.
struct Ids;

impl MigrationName for Ids {
    fn name(&self) -> &'static str {
        "m0033_library_status_ids"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Ids {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("library_status")
                    .add_column(string("id").default(""))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("UPDATE library_status SET id = name")
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("library_status_id")
                    .table("library_status")
                    .col("household_id")
                    .col("id")
                    .unique()
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("library_status_id")
                    .table("library_status")
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table("library_status")
                    .drop_column("id")
                    .to_owned(),
            )
            .await
    }
}
