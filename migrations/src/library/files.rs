//! Files on their way in and out, and what files say of games whose copies are not matched yet.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0004_library_files"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        files(manager).await?;
        words(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["library_word", "library_file_part", "library_file"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn files(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_file")
                .col(uuid("id").primary_key())
                .col(uuid("household_id"))
                .col(uuid("player_id"))
                .col(string("kind"))
                .col(text("name"))
                .col(string("media"))
                .col(string_null("token").unique_key())
                .col(big_integer("bytes"))
                .col(integer("parts"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
        )
        .await?;
    for (name, column) in [
        ("library_file_of", "household_id"),
        ("library_file_old", "expires_at"),
    ] {
        manager
            .create_index(
                Index::create()
                    .name(name)
                    .table("library_file")
                    .col(column)
                    .to_owned(),
            )
            .await?;
    }
    manager
        .create_table(
            Table::create()
                .table("library_file_part")
                .col(uuid("file_id"))
                .col(integer("seq"))
                .col(blob("body"))
                .primary_key(Index::create().col("file_id").col("seq"))
                .to_owned(),
        )
        .await
}

async fn words(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_word")
                .col(uuid("id").primary_key())
                .col(uuid("household_id"))
                .col(uuid_null("library_id"))
                .col(uuid_null("copy_id"))
                .col(uuid("group_id"))
                .col(text("title"))
                .col(text("title_key"))
                .col(integer_null("year"))
                .col(json_binary("said"))
                .to_owned(),
        )
        .await?;
    for (name, columns) in [
        ("library_word_copy", &["copy_id"][..]),
        ("library_word_of", &["household_id", "copy_id"]),
        ("library_word_library", &["library_id"]),
    ] {
        let mut index = Index::create();
        index.name(name).table("library_word");
        for column in columns {
            index.col(*column);
        }
        manager.create_index(index.clone()).await?;
    }
    Ok(())
}
