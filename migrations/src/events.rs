//! The tables that carry events between subgraphs: outbox and inbox.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First), Box::new(Traces), Box::new(Parked)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_events"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("outbox")
                    .col(uuid("id").primary_key())
                    .col(string("subgraph"))
                    .col(string("kind"))
                    .col(json_binary("body"))
                    .col(timestamp_with_time_zone("at"))
                    .col(timestamp_with_time_zone_null("delivered_at"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone_null("retry_at"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("outbox_waiting")
                    .table("outbox")
                    .col("subgraph")
                    .col("delivered_at")
                    .col("id")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("inbox")
                    .col(string("consumer"))
                    .col(uuid("event_id"))
                    .col(timestamp_with_time_zone("at"))
                    .primary_key(Index::create().col("consumer").col("event_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("inbox").to_owned())
            .await?;
        manager
            .drop_table(Table::drop().table("outbox").to_owned())
            .await
    }
}

/// Events say in which piece of work they came about.
struct Traces;

impl MigrationName for Traces {
    fn name(&self) -> &'static str {
        "m0002_events_traces"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Traces {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("outbox")
            .add_column(string_null("trace"))
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("outbox")
            .drop_column("trace")
            .to_owned();
        manager.alter_table(table).await
    }
}

/// Events that cannot be digested are parked.
struct Parked;

impl MigrationName for Parked {
    fn name(&self) -> &'static str {
        "m0003_events_parked"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Parked {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            integer("refusals").default(0).take(),
            timestamp_with_time_zone_null("parked_at"),
            string_null("reason"),
        ] {
            // One column a statement: SQLite takes no more.
            let table = Table::alter().table("outbox").add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["reason", "parked_at", "refusals"] {
            let table = Table::alter()
                .table("outbox")
                .drop_column(column)
                .to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
