//! Where a game stands for ceilings of boards other than the ESRB, as each subgraph that shows games
//! to children keeps it.

use sea_orm_migration::{prelude::*, schema::*};

/// Adds the column to the table of one subgraph. It is null until metadata has worked it out and
/// told; until then the game is closed to ceilings of those boards.
pub struct Boards {
    /// What the migration is called; never to be changed.
    pub migration: &'static str,
    /// What the table is called.
    pub table: &'static str,
}

impl MigrationName for Boards {
    fn name(&self) -> &'static str {
        self.migration
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Boards {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table(self.table)
            .add_column(integer_null("boards"))
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table(self.table)
            .drop_column("boards")
            .to_owned();
        manager.alter_table(table).await
    }
}
