//! Achievements of copies, and which are still to be asked for.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0023_library_achievements"
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
                    .table("library_achievement_set")
                    .col(uuid("copy_id").primary_key())
                    .col(uuid("library_id"))
                    .col(uuid("household_id"))
                    .col(integer("playtime_minutes"))
                    .col(timestamp_with_time_zone_null("last_played_at"))
                    .col(integer_null("fetched_minutes"))
                    .col(timestamp_with_time_zone_null("fetched_at"))
                    .col(integer("total"))
                    .col(integer("unlocked"))
                    .col(integer("attempts"))
                    .col(timestamp_with_time_zone_null("next_at"))
                    .col(timestamp_with_time_zone_null("lease_until"))
                    .to_owned(),
            )
            .await?;
        for (name, columns) in [
            ("library_achievement_set_due", ["next_at", "library_id"]),
            ("library_achievement_set_of", ["library_id", "fetched_at"]),
        ] {
            let mut index = Index::create();
            index.name(name).table("library_achievement_set");
            for column in columns {
                index.col(column);
            }
            manager.create_index(index).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("library_achievement")
                    .col(uuid("copy_id"))
                    .col(integer("position"))
                    .col(uuid("household_id"))
                    .col(text("key"))
                    .col(text("name"))
                    .col(text_null("description"))
                    .col(text_null("icon_url"))
                    .col(boolean("hidden"))
                    .col(boolean("unlocked"))
                    .col(timestamp_with_time_zone_null("unlocked_at"))
                    .col(double_null("rarity_percent"))
                    .col(integer_null("points"))
                    .primary_key(Index::create().col("copy_id").col("position"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["library_achievement", "library_achievement_set"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
