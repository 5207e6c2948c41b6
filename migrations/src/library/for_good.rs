//! Whether a library is forgotten, or only unlinked.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0045_library_for_good"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for First {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("library_account")
            .add_column(boolean("for_good").default(false).take())
            .to_owned();
        manager.alter_table(table).await?;
        // Of what is half removed, nobody knows which it was: then nothing is kept.
        manager
            .get_connection()
            .execute_unprepared(
                "UPDATE library_account SET for_good = TRUE WHERE forgotten_at IS NOT NULL",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("library_account")
            .drop_column("for_good")
            .to_owned();
        manager.alter_table(table).await
    }
}
