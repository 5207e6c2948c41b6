//! Households' decisions about games, what other catalogues know of products, and which game each
//! copy was last said to be.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

/// Adds them.
pub struct Matching;

impl MigrationName for Matching {
    fn name(&self) -> &'static str {
        "m0025_metadata_matching"
    }
}

/// Columns that are added: the table, the name, the definition.
fn columns() -> [(&'static str, &'static str, ColumnDef); 4] {
    [
        ("metadata_match", "base_key", string_null("base_key")),
        ("metadata_copy", "household_id", uuid_null("household_id")),
        ("metadata_copy", "game_id", uuid_null("game_id")),
        ("metadata_lock", "rev", big_integer("rev").default(0).take()),
    ]
}

/// Indices: the name, the table, the columns.
const INDICES: [(&str, &str, &[&str]); 4] = [
    ("metadata_match_base", "metadata_match", &["base_key"]),
    (
        "metadata_copy_household",
        "metadata_copy",
        &["household_id", "game_id"],
    ),
    (
        "metadata_decision_household",
        "metadata_decision",
        &["household_id"],
    ),
    (
        "metadata_external_work",
        "metadata_external",
        &["source", "work"],
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Matching {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _, column) in columns() {
            let table = Table::alter().table(table).add_column(column).to_owned();
            manager.alter_table(table).await?;
        }
        for table in [decision(), dismissal(), external()] {
            manager.create_table(table).await?;
        }
        for (name, table, columns) in INDICES {
            let mut index = Index::create();
            index.name(name).table(table);
            for column in columns {
                index.col(*column);
            }
            manager.create_index(index).await?;
        }
        let find = match manager.get_database_backend() {
            DbBackend::Postgres => "strpos",
            _ => "instr",
        };
        // The name is what follows the second bar: `game:|remaster|quake`.
        let rest = format!("substr(group_key, {find}(group_key, '|') + 1)");
        let base = format!("substr({rest}, {find}({rest}, '|') + 1)");
        let database = manager.get_connection();
        database
            .execute_unprepared(&format!("UPDATE metadata_match SET base_key = {base}"))
            .await?;
        database
            .execute_unprepared(
                "UPDATE metadata_copy SET game_id = (SELECT metadata_match.game_id FROM metadata_match WHERE metadata_match.id = metadata_copy.match_id)",
            )
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (name, table, _) in INDICES {
            let index = Index::drop().name(name).table(table).to_owned();
            manager.drop_index(index).await?;
        }
        for table in [
            "metadata_external",
            "metadata_dismissal",
            "metadata_decision",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        for (table, name, _) in columns() {
            let table = Table::alter().table(table).drop_column(name).to_owned();
            manager.alter_table(table).await?;
        }
        Ok(())
    }
}

/// What a household decided: that two of its games are one, or that one is two.
fn decision() -> TableCreateStatement {
    Table::create()
        .table("metadata_decision")
        .col(uuid("id").primary_key())
        .col(uuid("household_id"))
        .col(uuid("player_id"))
        .col(string("verdict"))
        .col(json_binary("sides"))
        .col(uuid("game_id"))
        .col(timestamp_with_time_zone("at"))
        .col(timestamp_with_time_zone_null("undone_at"))
        .to_owned()
}

/// Two games that a household does not want to be asked about any more.
fn dismissal() -> TableCreateStatement {
    Table::create()
        .table("metadata_dismissal")
        .col(uuid("household_id"))
        .col(uuid("one"))
        .col(uuid("other"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(Index::create().col("household_id").col("one").col("other"))
        .to_owned()
}

/// Which work a store's product is in another catalogue.
fn external() -> TableCreateStatement {
    Table::create()
        .table("metadata_external")
        .col(string("platform"))
        .col(string("store_id"))
        .col(string("source"))
        .col(string("work"))
        .col(timestamp_with_time_zone("at"))
        .primary_key(
            Index::create()
                .col("platform")
                .col("store_id")
                .col("source"),
        )
        .to_owned()
}
