//! Collections, and how a game is held, which their rules ask about.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0002_library_collections"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        collections(manager).await?;
        manager
            .alter_table(
                Table::alter()
                    .table("library_holding")
                    // A process of the version before writes rows without it; the next change of
                    // their copies fills it.
                    .add_column(text("held_as").default(""))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared(&held_as())
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table("library_holding")
                    .drop_column("held_as")
                    .to_owned(),
            )
            .await?;
        for table in ["library_collection_game", "library_collection"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn collections(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_collection")
                .col(uuid("id").primary_key())
                .col(uuid("player_id"))
                .col(uuid("household_id"))
                .col(text("name"))
                .col(json_binary_null("rule"))
                .col(integer("position"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("updated_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("library_collection_of")
                .table("library_collection")
                .col("player_id")
                .col("position")
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("library_collection_game")
                .col(uuid("collection_id"))
                .col(uuid("game_id"))
                .col(big_integer("position"))
                .primary_key(Index::create().col("collection_id").col("game_id"))
                .to_owned(),
        )
        .await?;
    // Which collections a game is in that turned out to be another one.
    manager
        .create_index(
            Index::create()
                .name("library_collection_game_game")
                .table("library_collection_game")
                .col("game_id")
                .to_owned(),
        )
        .await
}

/// Fills `held_as` of what is there, in the form and order the library writes it.
fn held_as() -> String {
    let words = [
        "FAMILY_SHARED",
        "OWNED",
        "PLAYED_ONLY",
        "SUBSCRIPTION",
        "WISHLIST",
    ];
    let parts: Vec<String> = words
        .iter()
        .map(|word| {
            format!(
                "CASE WHEN EXISTS (SELECT 1 FROM library_copy
                     WHERE library_copy.household_id = library_holding.household_id
                     AND library_copy.game_id = library_holding.game_id
                     AND library_copy.removed_at IS NULL
                     AND library_copy.holding = '{word}') THEN '|{word}' ELSE '' END"
            )
        })
        .collect();
    format!(
        "UPDATE library_holding SET held_as = {} || '|' WHERE copies > 0",
        parts.join(" || ")
    )
}
