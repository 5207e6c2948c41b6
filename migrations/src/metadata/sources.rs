//! What each source said, whole, and the pictures of games.

use sea_orm_migration::{prelude::*, schema::*};

/// Adds them.
pub struct Sources;

impl MigrationName for Sources {
    fn name(&self) -> &'static str {
        "m0026_metadata_sources"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Sources {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(said()).await?;
        manager.create_table(picture()).await?;
        manager
            .create_index(
                Index::create()
                    .name("metadata_picture_game")
                    .table("metadata_picture")
                    .col("game_id")
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["metadata_picture", "metadata_said"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// What one source said about a game: the game's own row is what follows from all of these.
fn said() -> TableCreateStatement {
    Table::create()
        .table("metadata_said")
        .col(uuid("game_id"))
        .col(string("source"))
        .col(json_binary("body"))
        .primary_key(Index::create().col("game_id").col("source"))
        .to_owned()
}

/// Where pictures of a game are, and what is known of each.
fn picture() -> TableCreateStatement {
    Table::create()
        .table("metadata_picture")
        .col(uuid("id").primary_key())
        .col(uuid("game_id"))
        .col(small_integer("role"))
        .col(small_integer("rank"))
        .col(string("source"))
        .col(text("address"))
        .col(boolean("guessed"))
        .col(boolean("gone"))
        .col(integer_null("width"))
        .col(integer_null("height"))
        .col(string_null("placeholder"))
        .col(integer("failures"))
        .col(timestamp_with_time_zone_null("retry_at"))
        .to_owned()
}
