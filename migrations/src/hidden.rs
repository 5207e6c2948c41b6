//! What households have hidden, as a subgraph that is told of it keeps it: for a child profile a
//! hidden game is not there.

use sea_orm_migration::{prelude::*, schema::*};

/// Makes the table of one subgraph.
pub struct Hidden {
    /// What the migration is called; never to be changed.
    pub migration: &'static str,
    /// What the table is called.
    pub table: &'static str,
}

impl MigrationName for Hidden {
    fn name(&self) -> &'static str {
        self.migration
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Hidden {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(self.table)
            .col(uuid("household_id"))
            .col(uuid("game_id"))
            .col(big_integer("revision"))
            .col(boolean("hidden"))
            .primary_key(Index::create().col("household_id").col("game_id"))
            .to_owned();
        manager.create_table(table).await?;
        // From now on library tells; of what was hidden before, nobody was told.
        if manager.has_table("library_holding").await? {
            let copied = format!(
                "INSERT INTO {} (household_id, game_id, revision, hidden) SELECT household_id, game_id, revision, hidden FROM library_holding WHERE hidden",
                self.table
            );
            manager.get_connection().execute_unprepared(&copied).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::drop().table(self.table).to_owned();
        manager.drop_table(table).await
    }
}
