//! A migration that makes one table, and takes it away again.

use sea_orm_migration::prelude::*;

/// Makes `table`.
pub struct NewTable {
    /// What the migration is called; never to be changed.
    pub migration: &'static str,
    /// What the table is called.
    pub table: &'static str,
    /// Puts the columns and the key into it.
    pub columns: fn(&mut TableCreateStatement),
}

impl NewTable {
    /// As the only migration of a module.
    pub fn alone(self) -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(self)]
    }
}

impl MigrationName for NewTable {
    fn name(&self) -> &'static str {
        self.migration
    }
}

#[async_trait::async_trait]
impl MigrationTrait for NewTable {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        (self.columns)(table.table(self.table));
        manager.create_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::drop().table(self.table).to_owned();
        manager.drop_table(table).await
    }
}
