//! The content catalogue: flags, interface, themes, texts, pictures, and what players prefer.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0002_metadata_content"
    }
}

const TABLES: [&str; 8] = [
    "metadata_content",
    "metadata_flag",
    "metadata_flag_player",
    "metadata_theme",
    "metadata_text",
    "metadata_asset",
    "metadata_ui",
    "metadata_preference",
];

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            content(),
            flag(),
            flag_player(),
            theme(),
            text_of_a_language(),
            asset(),
            ui(),
            preference(),
        ] {
            manager.create_table(table).await?;
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

/// At which revision each kind of content last changed; the row `all` is the counter.
fn content() -> TableCreateStatement {
    Table::create()
        .table("metadata_content")
        .col(string("noun").primary_key())
        .col(big_integer("rev"))
        .to_owned()
}

/// A switch.
fn flag() -> TableCreateStatement {
    Table::create()
        .table("metadata_flag")
        .col(string("key").primary_key())
        .col(text("description"))
        .col(boolean("enabled"))
        .col(small_integer("percentage"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned()
}

/// A switch as it stands for one player.
fn flag_player() -> TableCreateStatement {
    Table::create()
        .table("metadata_flag_player")
        .col(string("flag_key"))
        .col(uuid("player_id"))
        .col(boolean("enabled"))
        .primary_key(Index::create().col("flag_key").col("player_id"))
        .to_owned()
}

/// A theme that somebody made.
fn theme() -> TableCreateStatement {
    Table::create()
        .table("metadata_theme")
        .col(string("id").primary_key())
        .col(string("name"))
        .col(string("scheme"))
        .col(json_binary("colours"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned()
}

/// A text that somebody wrote, in place of a built-in one or beside them.
fn text_of_a_language() -> TableCreateStatement {
    Table::create()
        .table("metadata_text")
        .col(string("language"))
        .col(string("key"))
        .col(text("text"))
        .primary_key(Index::create().col("language").col("key"))
        .to_owned()
}

/// A picture.
fn asset() -> TableCreateStatement {
    Table::create()
        .table("metadata_asset")
        .col(string("name").primary_key())
        .col(text("url"))
        .col(string_null("media_type"))
        .col(integer_null("width"))
        .col(integer_null("height"))
        .col(text("alt"))
        .col(text("licence"))
        .col(text_null("attribution"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned()
}

/// What the interface is made of, every version of it.
fn ui() -> TableCreateStatement {
    Table::create()
        .table("metadata_ui")
        .col(integer("version").primary_key())
        .col(json_binary("config"))
        .col(timestamp_with_time_zone("saved_at"))
        .to_owned()
}

/// What a player prefers.
fn preference() -> TableCreateStatement {
    Table::create()
        .table("metadata_preference")
        .col(uuid("player_id").primary_key())
        .col(string_null("theme"))
        .col(string_null("language"))
        .col(string_null("density"))
        .col(string_null("motion"))
        .col(string_null("start_page"))
        .col(big_integer("rev"))
        .col(timestamp_with_time_zone("updated_at"))
        .to_owned()
}
