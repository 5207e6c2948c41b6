//! Who says that a store's product has its title.

use sea_orm_migration::{prelude::*, schema::*};

/// Adds it. Nobody is known to have said so of what is there.
pub struct Vouched;

impl MigrationName for Vouched {
    fn name(&self) -> &'static str {
        "m0042_metadata_vouched"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Vouched {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("metadata_match")
            .add_column(boolean("vouched").default(false).take())
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("metadata_match")
            .drop_column("vouched")
            .to_owned();
        manager.alter_table(table).await
    }
}
