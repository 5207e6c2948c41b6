//! A person's own tags on their games.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0041_library_my_tags"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // A list as JSON, none where there are none; asked only by the row, and never inside SQL.
        let table = Table::alter()
            .table("library_holding")
            .add_column(text_null("my_tags"))
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("library_holding")
            .drop_column("my_tags")
            .to_owned();
        manager.alter_table(table).await
    }
}
