//! What was played on which day, how statuses changed, and what copies need to know for both.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First), Box::new(ByTime)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0003_library_play"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        records(manager).await?;
        changes(manager).await?;
        // One column a statement: SQLite adds no two at once.
        for column in [
            timestamp_with_time_zone_null("seen_at"),
            big_integer("match_revision").default(0).take(),
        ] {
            manager
                .alter_table(
                    Table::alter()
                        .table("library_copy")
                        .add_column(column)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table("library_holding")
                    .add_column(string_null("status_by"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("library_holding")
                    .drop_column("status_by")
                    .to_owned(),
            )
            .await?;
        for column in ["match_revision", "seen_at"] {
            manager
                .alter_table(
                    Table::alter()
                        .table("library_copy")
                        .drop_column(column)
                        .to_owned(),
                )
                .await?;
        }
        for table in ["library_status_change", "library_play_record"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn records(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_play_record")
                .col(uuid("copy_id"))
                .col(date("day"))
                .col(uuid("household_id"))
                .col(uuid_null("game_id"))
                .col(string("platform"))
                .col(integer("minutes"))
                .primary_key(Index::create().col("copy_id").col("day"))
                .to_owned(),
        )
        .await?;
    for (name, column) in [
        ("library_play_record_day", "day"),
        ("library_play_record_game", "game_id"),
    ] {
        manager
            .create_index(
                Index::create()
                    .name(name)
                    .table("library_play_record")
                    .col("household_id")
                    .col(column)
                    .to_owned(),
            )
            .await?;
    }
    Ok(())
}

async fn changes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_status_change")
                .col(uuid("id").primary_key())
                .col(uuid("household_id"))
                .col(uuid("game_id"))
                .col(string("from"))
                .col(string("to"))
                .col(timestamp_with_time_zone("at"))
                .col(string("by"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("library_status_change_of")
                .table("library_status_change")
                .col("household_id")
                .col("game_id")
                .col("at")
                .to_owned(),
        )
        .await
}

/// A year of a long history is found without reading the rest of it.
struct ByTime;

impl MigrationName for ByTime {
    fn name(&self) -> &'static str {
        "m0034_library_status_change_at"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ByTime {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(
                Index::create()
                    .name("library_status_change_at")
                    .table("library_status_change")
                    .col("household_id")
                    .col("at")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("library_status_change_at")
                    .table("library_status_change")
                    .to_owned(),
            )
            .await
    }
}
