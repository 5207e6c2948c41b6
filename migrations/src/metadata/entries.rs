//! Which entry of a household's own file brought a copy.

use sea_orm_migration::{prelude::*, schema::*};

/// Adds it.
pub struct Entries;

const INDEX: &str = "metadata_copy_entry";

impl MigrationName for Entries {
    fn name(&self) -> &'static str {
        "m0031_metadata_entries"
    }
}

fn columns() -> [(&'static str, ColumnDef); 2] {
    [
        ("file_id", uuid_null("file_id")),
        ("file_entry", integer_null("file_entry")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Entries {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (_, column) in columns() {
            let table = Table::alter()
                .table("metadata_copy")
                .add_column(column)
                .to_owned();
            manager.alter_table(table).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name(INDEX)
                    .table("metadata_copy")
                    .col("file_id")
                    .col("file_entry")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name(INDEX).table("metadata_copy").to_owned();
        manager.drop_index(index).await?;
        for (name, _) in columns() {
            let table = Table::alter()
                .table("metadata_copy")
                .drop_column(name)
                .to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
