//! Looks at what was played lately, between two whole lists.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0029_library_recent"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column a statement: SQLite takes no more.
        for (table, column) in [
            ("library_sync_run", boolean("recent").default(false).take()),
            (
                "library_schedule",
                timestamp_with_time_zone_null("recent_at"),
            ),
            ("library_schedule", string_null("strangers")),
        ] {
            let table = Table::alter().table(table).add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("library_schedule_recent")
                    .table("library_schedule")
                    .col("recent_at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("library_schedule_recent")
                    .table("library_schedule")
                    .to_owned(),
            )
            .await?;
        for (table, column) in [
            ("library_schedule", "strangers"),
            ("library_schedule", "recent_at"),
            ("library_sync_run", "recent"),
        ] {
            let table = Table::alter().table(table).drop_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
