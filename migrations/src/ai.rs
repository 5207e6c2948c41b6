//! The tables of the ai subgraph.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_ai"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // What metadata says about a game, as far as taste needs it.
        manager
            .create_table(
                Table::create()
                    .table("ai_game")
                    .col(uuid("id").primary_key())
                    .col(big_integer("revision"))
                    .col(string("title"))
                    .col(string("kind"))
                    .col(json_binary("genres"))
                    .col(json_binary("tags"))
                    .col(json_binary("developers"))
                    .col(small_integer_null("esrb"))
                    .col(small_integer_null("critic_score"))
                    .col(integer_null("main_story_minutes"))
                    .to_owned(),
            )
            .await?;
        // What library says a household holds.
        manager
            .create_table(
                Table::create()
                    .table("ai_holding")
                    .col(uuid("household"))
                    .col(uuid("game_id"))
                    .col(big_integer("revision"))
                    .col(boolean("held"))
                    .col(boolean("hidden"))
                    .col(integer("playtime_minutes"))
                    .col(timestamp_with_time_zone_null("last_played_at"))
                    .col(string_null("status"))
                    .primary_key(Index::create().col("household").col("game_id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("ai_holding_game")
                    .table("ai_holding")
                    .col("game_id")
                    .col("household")
                    .to_owned(),
            )
            .await?;
        // Grows whenever anything above changes for a household: what is worked out from it may
        // be kept until then.
        manager
            .create_table(
                Table::create()
                    .table("ai_household")
                    .col(uuid("id").primary_key())
                    .col(big_integer("rev"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["ai_household", "ai_holding", "ai_game"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
