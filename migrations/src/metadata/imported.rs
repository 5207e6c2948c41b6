//! What imports said of each product or copy by itself, so that it has that also when it comes apart
//! from the game it was matched to.

use sea_orm_migration::{prelude::*, schema::*};

/// Adds it. Of what is there, it is known once it is imported again.
pub struct Imported;

impl MigrationName for Imported {
    fn name(&self) -> &'static str {
        "m0051_metadata_imported"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Imported {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("metadata_match")
            .add_column(json_binary_null("imported"))
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("metadata_match")
            .drop_column("imported")
            .to_owned();
        manager.alter_table(table).await
    }
}
