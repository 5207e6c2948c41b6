//! The tables of the metadata subgraph.

mod content;
mod entries;
mod imported;
mod kept;
mod matching;
mod own_pictures;
mod sources;
mod views;
mod vouched;

use crate::{boards::Boards, hidden::Hidden, parts::Parts};
use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    let mut all: Vec<Box<dyn MigrationTrait>> = vec![
        Box::new(First),
        Box::new(sources::Sources),
        Box::new(matching::Matching),
    ];
    all.extend(content::migrations());
    all.extend(views::migrations());
    all.extend(own_pictures::migrations());
    all.push(Box::new(entries::Entries));
    all.push(Box::new(Hidden {
        migration: "m0040_metadata_hidden",
        table: "metadata_hidden",
    }));
    all.push(Box::new(vouched::Vouched));
    all.push(Box::new(Boards {
        migration: "m0043_metadata_boards",
        table: "metadata_game",
    }));
    all.extend(kept::migrations());
    all.push(Box::new(imported::Imported));
    all.push(Box::new(Parts {
        migration: "m0052_metadata_parts",
        table: "metadata_part",
    }));
    all
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_metadata"
    }
}

const TABLES: [&str; 9] = [
    "metadata_game",
    "metadata_fact",
    "metadata_rating",
    "metadata_match",
    "metadata_copy",
    "metadata_enrichment",
    "metadata_provider",
    "metadata_budget",
    "metadata_lock",
];

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            game(),
            fact(),
            rating(),
            matched(),
            copy(),
            enrichment(),
            provider(),
            budget(),
            lock(),
        ] {
            manager.create_table(table).await?;
        }
        for index in [
            index("metadata_match_group", "metadata_match", &["group_key"]),
            index("metadata_match_game", "metadata_match", &["game_id"]),
            index("metadata_copy_match", "metadata_copy", &["match_id"]),
            index("metadata_copy_library", "metadata_copy", &["library_id"]),
            index(
                "metadata_enrichment_due",
                "metadata_enrichment",
                &["provider", "stage", "due_at"],
            ),
            index("metadata_budget_at", "metadata_budget", &["provider", "at"]),
        ] {
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

fn index(
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// The canonical game: one row whatever stores sell it.
fn game() -> TableCreateStatement {
    Table::create()
        .table("metadata_game")
        .col(uuid("id").primary_key())
        .col(string("title"))
        .col(string("sort_title"))
        .col(small_integer("kind"))
        .col(date_null("released_on"))
        .col(integer_null("release_year"))
        .col(json_binary("genres"))
        .col(json_binary("tags"))
        .col(json_binary("developers"))
        .col(json_binary("publishers"))
        .col(text_null("summary"))
        .col(text_null("cover_art"))
        .col(text_null("header_art"))
        .col(small_integer_null("critic_score"))
        .col(integer_null("main_story_minutes"))
        .col(json_binary("content_descriptors"))
        .col(integer_null("required_age"))
        .col(small_integer_null("esrb"))
        .col(string_null("esrb_source"))
        .col(boolean("enriched"))
        .col(big_integer("revision"))
        .col(timestamp_with_time_zone("created_at"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned()
}

/// Which source a field of a game comes from.
fn fact() -> TableCreateStatement {
    Table::create()
        .table("metadata_fact")
        .col(uuid("game_id"))
        .col(string("field"))
        .col(string("source"))
        .col(timestamp_with_time_zone("fetched_at"))
        .primary_key(Index::create().col("game_id").col("field"))
        .to_owned()
}

/// What each board says about a game.
fn rating() -> TableCreateStatement {
    Table::create()
        .table("metadata_rating")
        .col(uuid("game_id"))
        .col(string("board"))
        .col(string("source"))
        .col(string("rating"))
        .col(json_binary("descriptors"))
        .primary_key(Index::create().col("game_id").col("board").col("source"))
        .to_owned()
}

/// Why a store's product, or a copy without one, belongs to a game.
fn matched() -> TableCreateStatement {
    Table::create()
        .table("metadata_match")
        .col(uuid("id").primary_key())
        .col(string("identity").unique_key())
        .col(string("platform"))
        .col(string_null("store_id"))
        .col(string("title"))
        .col(string("group_key"))
        .col(integer_null("year"))
        .col(integer_null("store_year"))
        .col(uuid("game_id"))
        .col(string("how"))
        .col(timestamp_with_time_zone("at"))
        .to_owned()
}

/// Which copies stand behind a match, so that they can be told when it changes.
fn copy() -> TableCreateStatement {
    Table::create()
        .table("metadata_copy")
        .col(uuid("copy_id").primary_key())
        .col(uuid("library_id"))
        .col(uuid("match_id"))
        .to_owned()
}

/// What is to be asked of providers.
fn enrichment() -> TableCreateStatement {
    Table::create()
        .table("metadata_enrichment")
        .col(uuid("game_id"))
        .col(string("provider"))
        .col(string("store_id"))
        .col(small_integer("stage"))
        .col(integer("attempts"))
        .col(timestamp_with_time_zone("due_at"))
        .col(timestamp_with_time_zone_null("lease_until"))
        .col(string_null("last_error"))
        .primary_key(Index::create().col("game_id").col("provider"))
        .to_owned()
}

/// Whether a provider wants to be left alone for a while.
fn provider() -> TableCreateStatement {
    Table::create()
        .table("metadata_provider")
        .col(string("name").primary_key())
        .col(timestamp_with_time_zone_null("paused_until"))
        .col(timestamp_with_time_zone_null("announced_until"))
        .col(integer("failures"))
        .to_owned()
}

/// When a provider was asked: an exact sliding log.
fn budget() -> TableCreateStatement {
    Table::create()
        .table("metadata_budget")
        .col(uuid("id").primary_key())
        .col(string("provider"))
        .col(timestamp_with_time_zone("at"))
        .to_owned()
}

/// A row to lock: on PostgreSQL writers of games go one after the other, as on SQLite.
fn lock() -> TableCreateStatement {
    Table::create()
        .table("metadata_lock")
        .col(string("name").primary_key())
        .col(timestamp_with_time_zone("at"))
        .to_owned()
}
