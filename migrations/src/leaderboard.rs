//! The tables of the leaderboard subgraph.

use crate::{boards::Boards, hidden::Hidden, parts::Parts};
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![
        Box::new(First),
        Box::new(Ratings),
        Box::new(Hidden {
            migration: "m0040_leaderboard_hidden",
            table: "leaderboard_hidden",
        }),
        Box::new(Boards {
            migration: "m0043_leaderboard_boards",
            table: "leaderboard_game",
        }),
        Box::new(Parts {
            migration: "m0052_leaderboard_parts",
            table: "leaderboard_part",
        }),
    ]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_leaderboard"
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
                    .table("leaderboard_board")
                    .col(uuid("id").primary_key())
                    .col(string("name"))
                    .col(uuid_null("game_id"))
                    .col(string("direction"))
                    .col(string("operator"))
                    .col(string_null("unit"))
                    .col(uuid("created_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .to_owned(),
            )
            .await?;
        index(
            manager,
            "leaderboard_board_game",
            "leaderboard_board",
            &["game_id", "id"],
        )
        .await?;
        index(
            manager,
            "leaderboard_board_creator",
            "leaderboard_board",
            &["created_by"],
        )
        .await?;
        manager
            .create_table(
                Table::create()
                    .table("leaderboard_entry")
                    .col(uuid("board_id"))
                    .col(uuid("player_id"))
                    .col(double("score"))
                    // The score turned so that smaller is always better: then one ascending index
                    // answers every question about ranks, whichever way a board runs.
                    .col(double("standing"))
                    .col(timestamp_with_time_zone("achieved_at"))
                    .primary_key(Index::create().col("board_id").col("player_id"))
                    .to_owned(),
            )
            .await?;
        index(
            manager,
            "leaderboard_entry_rank",
            "leaderboard_entry",
            &["board_id", "standing", "achieved_at", "player_id"],
        )
        .await?;
        index(
            manager,
            "leaderboard_entry_player",
            "leaderboard_entry",
            &["player_id", "achieved_at", "board_id"],
        )
        .await?;
        manager
            .create_table(
                Table::create()
                    .table("leaderboard_submission")
                    .col(uuid("board_id"))
                    .col(uuid("player_id"))
                    .col(string("key"))
                    .col(double("score"))
                    .col(timestamp_with_time_zone("at"))
                    .col(double_null("previous"))
                    .col(double("result"))
                    .col(boolean("improved"))
                    .primary_key(Index::create().col("board_id").col("player_id").col("key"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "leaderboard_submission",
            "leaderboard_entry",
            "leaderboard_board",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

/// How games are rated, so that no profile is shown a board of a game above its ceiling.
struct Ratings;

impl MigrationName for Ratings {
    fn name(&self) -> &'static str {
        "m0031_leaderboard_ratings"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Ratings {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("leaderboard_game")
            .col(uuid("game_id").primary_key())
            .col(small_integer_null("esrb"))
            .col(big_integer("revision"))
            .to_owned();
        manager.create_table(table).await?;
        // From now on metadata tells; of the games there are, it told before anybody listened here.
        if manager.has_table("metadata_game").await? {
            let db = manager.get_connection();
            db.execute_unprepared(
                "INSERT INTO leaderboard_game (game_id, esrb, revision) SELECT id, esrb, revision FROM metadata_game",
            )
            .await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table("leaderboard_game").to_owned())
            .await
    }
}

async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create().name(name).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}
