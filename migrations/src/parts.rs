//! Which games a household has made one, as each subgraph that shows games to children keeps it: the
//! whole is as closed as its parts.

use sea_orm_migration::{prelude::*, schema::*};

/// Makes the table of one subgraph. Of what was merged before, metadata tells after its next start.
pub struct Parts {
    /// What the migration is called; never to be changed.
    pub migration: &'static str,
    /// What the table is called.
    pub table: &'static str,
}

impl MigrationName for Parts {
    fn name(&self) -> &'static str {
        self.migration
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Parts {
    fn use_transaction(&self) -> Option<bool> {
        // Whole or not at all, on SQLite too: a start that is killed half-way can be tried again.
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(self.table)
            .col(uuid("household_id"))
            .col(uuid("game_id"))
            .col(uuid("part_id"))
            .col(big_integer("revision"))
            .col(boolean("joined"))
            .primary_key(
                Index::create()
                    .col("household_id")
                    .col("game_id")
                    .col("part_id"),
            )
            .to_owned();
        manager.create_table(table).await?;
        let index = Index::create()
            .name(format!("{}_part", self.table))
            .table(self.table)
            .col("part_id")
            .to_owned();
        manager.create_index(index).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::drop().table(self.table).to_owned();
        manager.drop_table(table).await
    }
}
