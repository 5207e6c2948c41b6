//! When libraries are synced by themselves, and which platforms are left alone for a while.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0023_library_schedule"
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
                    .table("library_schedule")
                    .col(uuid("library_id").primary_key())
                    .col(uuid("household_id"))
                    .col(integer_null("every_hours"))
                    .col(timestamp_with_time_zone_null("next_at"))
                    .col(integer("failures"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create()
                    .name("library_schedule_due")
                    .table("library_schedule")
                    .col("next_at")
                    .to_owned(),
            )
            .await?;
        // Accounts that were linked before are due at once; those without an account never are.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO library_schedule (library_id, household_id, next_at, failures)
                 SELECT id, household_id, created_at, 0 FROM library_account
                 WHERE platform <> 'manual' AND connected AND forgotten_at IS NULL",
            )
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("library_breaker")
                    .col(string("platform").primary_key())
                    .col(integer("failures"))
                    .col(timestamp_with_time_zone_null("open_until"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["library_breaker", "library_schedule"] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}
