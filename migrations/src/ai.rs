//! The tables of the ai subgraph.

use crate::{boards::Boards, parts::Parts};
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(First),
        Box::new(Liked),
        Box::new(Boards {
            migration: "m0043_ai_boards",
            table: "ai_game",
        }),
        Box::new(Parts {
            migration: "m0052_ai_parts",
            table: "ai_part",
        }),
    ]
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

/// What a person says of a game: whether it is a favourite, and how they rate it.
struct Liked;

impl MigrationName for Liked {
    fn name(&self) -> &'static str {
        "m0032_ai_liked"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Liked {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [
            boolean("favourite").default(false).to_owned(),
            small_integer_null("my_rating"),
        ] {
            let table = Table::alter()
                .table("ai_holding")
                .add_column(column)
                .to_owned();
            manager.alter_table(table).await?;
        }
        // From now on library tells; what was said before it told is taken over where it stands here.
        if manager.has_table("library_holding").await? {
            let db = manager.get_connection();
            for column in ["favourite", "my_rating"] {
                db.execute_unprepared(&format!(
                    "UPDATE ai_holding SET {column} = l.{column} FROM library_holding AS l
                     WHERE l.household_id = ai_holding.household AND l.game_id = ai_holding.game_id AND ai_holding.held"
                ))
                .await?;
            }
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["favourite", "my_rating"] {
            let table = Table::alter()
                .table("ai_holding")
                .drop_column(column)
                .to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}
