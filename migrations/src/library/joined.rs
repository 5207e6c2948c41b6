//! What a game had of its own before another was merged into it.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0025_library_joined"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("library_joined")
            .col(uuid("household_id"))
            .col(uuid("from_game"))
            .col(uuid("to_game"))
            .col(json_binary("body"))
            .primary_key(
                Index::create()
                    .col("household_id")
                    .col("from_game")
                    .col("to_game"),
            )
            .to_owned();
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("library_joined").to_owned())
            .await
    }
}
