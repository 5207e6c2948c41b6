//! Games as the library knows them: facts told by metadata, and what a household holds.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_library_games"
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
                    .table("library_game")
                    .col(uuid("game_id").primary_key())
                    .col(big_integer("revision"))
                    .col(text("title"))
                    .col(text("sort_key"))
                    .col(string("kind"))
                    .col(date_null("released_on"))
                    .col(integer_null("release_year"))
                    .col(json_binary("genres"))
                    .col(json_binary("tags"))
                    .col(json_binary("developers"))
                    .col(small_integer_null("esrb"))
                    .col(small_integer_null("critic_score"))
                    .col(integer_null("main_story_minutes"))
                    .col(boolean("enriched"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("library_holding")
                    .col(uuid("household_id"))
                    .col(uuid("game_id"))
                    .col(integer("copies"))
                    .col(boolean("held"))
                    .col(text("platforms"))
                    .col(text("libraries"))
                    .col(integer("playtime_minutes"))
                    .col(timestamp_with_time_zone_null("last_played_at"))
                    .col(timestamp_with_time_zone_null("first_added_at"))
                    .col(string_null("status"))
                    .col(boolean("favourite"))
                    .col(boolean("hidden"))
                    .col(text_null("notes"))
                    .col(small_integer_null("my_rating"))
                    .col(big_integer("revision"))
                    .col(big_integer("index_rev"))
                    .primary_key(Index::create().col("household_id").col("game_id"))
                    .to_owned(),
            )
            .await?;
        // Which households hold a game whose facts changed.
        manager
            .create_index(
                Index::create()
                    .name("library_holding_game")
                    .table("library_holding")
                    .col("game_id")
                    .to_owned(),
            )
            .await?;
        // What an index in memory has to read again.
        manager
            .create_index(
                Index::create()
                    .name("library_holding_index_rev")
                    .table("library_holding")
                    .col("household_id")
                    .col("index_rev")
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("library_index_rev")
                    .col(uuid("household_id").primary_key())
                    .col(big_integer("rev"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["library_index_rev", "library_holding", "library_game"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
