//! Which sentence it was that a sync stopped with, so that other languages have it too.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

/// Where a sync's last error is kept: of the run, and of the account.
const TABLES: [&str; 2] = ["library_sync_run", "library_account"];

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0044_library_reasons"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // None for what stopped before: its code and its English words stay.
        for table in TABLES {
            let table = Table::alter()
                .table(table)
                .add_column(json_binary_null("error_said"))
                .to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            let table = Table::alter()
                .table(table)
                .drop_column("error_said")
                .to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
