//! Linked accounts, their copies, their sync runs, and what providers were asked.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_library_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        accounts(manager).await?;
        copies(manager).await?;
        syncs(manager).await?;
        manager
            .create_table(
                Table::create()
                    .table("library_budget")
                    .col(string("credential"))
                    .col(big_integer("second"))
                    .col(big_integer("requests"))
                    .primary_key(Index::create().col("credential").col("second"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "library_budget",
            "library_sync_page",
            "library_sync_run",
            "library_copy",
            "library_secret",
            "library_account",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_account")
                .col(uuid("id").primary_key())
                .col(uuid("household_id"))
                .col(string("platform"))
                .col(string("account_key"))
                .col(string_null("account"))
                .col(string("label"))
                .col(boolean("connected"))
                .col(string_null("error_code"))
                .col(text_null("error_message"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("forgotten_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("library_account_once")
                .table("library_account")
                .col("household_id")
                .col("platform")
                .col("account_key")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("library_secret")
                .col(uuid("library_id"))
                .col(string("field"))
                .col(blob("sealed"))
                .primary_key(Index::create().col("library_id").col("field"))
                .to_owned(),
        )
        .await
}

async fn copies(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_copy")
                .col(uuid("id").primary_key())
                .col(uuid("library_id"))
                .col(uuid("household_id"))
                .col(string("platform"))
                .col(text_null("store_id"))
                .col(text("identity"))
                .col(text("title"))
                .col(string("holding"))
                .col(integer("playtime_minutes"))
                .col(timestamp_with_time_zone_null("last_played_at"))
                .col(timestamp_with_time_zone("added_at"))
                .col(integer_null("year"))
                .col(json_binary("hints"))
                .col(string_null("import_status"))
                .col(uuid_null("game_id"))
                .col(uuid_null("seen_run"))
                .col(timestamp_with_time_zone_null("missing_since"))
                .col(timestamp_with_time_zone_null("removed_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("library_copy_once")
                .table("library_copy")
                .col("library_id")
                .col("identity")
                .unique()
                .to_owned(),
        )
        .await?;
    manager
        .create_index(
            Index::create()
                .name("library_copy_game")
                .table("library_copy")
                .col("household_id")
                .col("game_id")
                .to_owned(),
        )
        .await
}

async fn syncs(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("library_sync_run")
                .col(uuid("id").primary_key())
                .col(uuid("library_id"))
                .col(uuid("household_id"))
                .col(string("state"))
                .col(string("stage"))
                .col(integer("done"))
                .col(integer_null("total"))
                .col(text_null("current_title"))
                .col(text_null("message"))
                .col(timestamp_with_time_zone_null("rate_limited_until"))
                .col(string_null("error_code"))
                .col(text_null("error_message"))
                .col(integer("attempt"))
                .col(integer("added"))
                .col(integer("updated"))
                .col(integer("removed"))
                .col(timestamp_with_time_zone("started_at"))
                .col(timestamp_with_time_zone_null("finished_at"))
                .col(integer("rev"))
                .col(text_null("fetch_cursor"))
                .col(boolean("fetched"))
                .col(integer("staged"))
                .col(integer("cursor"))
                .col(boolean("dirty"))
                .col(timestamp_with_time_zone_null("next_attempt_at"))
                .col(uuid_null("lease_owner"))
                .col(timestamp_with_time_zone_null("lease_until"))
                .to_owned(),
        )
        .await?;
    for (name, columns) in [
        ("library_sync_run_of", ["library_id", "id"]),
        ("library_sync_run_due", ["state", "stage"]),
    ] {
        let mut index = Index::create();
        index.name(name).table("library_sync_run");
        for column in columns {
            index.col(column);
        }
        manager.create_index(index).await?;
    }
    manager
        .create_table(
            Table::create()
                .table("library_sync_page")
                .col(uuid("run_id"))
                .col(integer("seq"))
                .col(json_binary("body"))
                .primary_key(Index::create().col("run_id").col("seq"))
                .to_owned(),
        )
        .await
}
