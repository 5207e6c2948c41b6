//! The tables of the session subgraph.

use sea_orm_migration::{prelude::*, schema::*};

/// In the order they run.
pub fn migrations() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(First), Box::new(Invites), Box::new(Places)]
}

struct First;

impl MigrationName for First {
    fn name(&self) -> &'static str {
        "m0001_session"
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
        logins(manager).await?;
        rooms(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            "session_room_log",
            "session_seat",
            "session_room",
            "session_key",
            "session_login_guard",
            "session_refresh",
            "session_login",
            "session_setup_token",
            "session_founding",
            "session_player",
        ] {
            manager
                .drop_table(Table::drop().table(table).to_owned())
                .await?;
        }
        Ok(())
    }
}

struct Invites;

impl MigrationName for Invites {
    fn name(&self) -> &'static str {
        "m0002_session_invites"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Invites {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("session_invite")
                    .col(uuid("id").primary_key())
                    .col(string_uniq("hash"))
                    .col(string("role"))
                    .col(uuid("made_by"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone("expires_at"))
                    .col(timestamp_with_time_zone_null("closed_at"))
                    .col(uuid_null("player_id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::drop().table("session_invite").to_owned();
        manager.drop_table(table).await
    }
}

async fn accounts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("session_player")
                .col(uuid("id").primary_key())
                .col(string("name"))
                // What makes a name unique: folded, and for a profile within its household only.
                .col(string_uniq("name_key"))
                .col(string("role"))
                .col(text_null("password"))
                .col(uuid("household"))
                .col(small_integer_null("ceiling"))
                .col(boolean("shows_unrated"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("removed_at"))
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "session_player_household",
        "session_player",
        &["household", "id"],
    )
    .await?;
    // One row at most: whoever inserts it is the first admin.
    manager
        .create_table(
            Table::create()
                .table("session_founding")
                .col(integer("id").primary_key())
                .col(uuid("player_id"))
                .col(boolean("claimed"))
                .col(timestamp_with_time_zone("at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("session_setup_token")
                .col(integer("id").primary_key())
                .col(string("hash"))
                .col(timestamp_with_time_zone("expires_at"))
                .to_owned(),
        )
        .await
}

async fn logins(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("session_login")
                .col(uuid("id").primary_key())
                .col(uuid("player_id"))
                .col(uuid("household"))
                .col(string("device"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("last_used_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "session_login_household",
        "session_login",
        &["household", "id"],
    )
    .await?;
    // Every refresh token a login ever had, by hash, so that an old one is recognised.
    manager
        .create_table(
            Table::create()
                .table("session_refresh")
                .col(string("hash").primary_key())
                .col(uuid("login_id"))
                .col(timestamp_with_time_zone("issued_at"))
                .col(timestamp_with_time_zone_null("used_at"))
                .foreign_key(
                    ForeignKey::create()
                        .from("session_refresh", "login_id")
                        .to("session_login", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "session_refresh_login",
        "session_refresh",
        &["login_id", "issued_at"],
    )
    .await?;
    manager
        .create_table(
            Table::create()
                .table("session_login_guard")
                .col(string("name_hash").primary_key())
                // The times of the latest attempts, as a JSON list.
                .col(text("attempts"))
                .col(timestamp_with_time_zone("updated_at"))
                .to_owned(),
        )
        .await?;
    manager
        .create_table(
            Table::create()
                .table("session_key")
                .col(uuid("id").primary_key())
                .col(uuid("household"))
                .col(uuid_null("profile_id"))
                .col(string("name"))
                .col(string("hint"))
                .col(string_uniq("hash"))
                // Scopes as written in tokens, separated by spaces.
                .col(string("scopes"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("last_used_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "session_key_household",
        "session_key",
        &["household", "id"],
    )
    .await
}

async fn rooms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    manager
        .create_table(
            Table::create()
                .table("session_room")
                .col(uuid("id").primary_key())
                .col(string("name"))
                .col(string("phase"))
                .col(boolean("public"))
                .col(integer("seats"))
                .col(uuid("host"))
                // JSON as text: PostgreSQL's jsonb refuses some strings a client may send.
                .col(text("state"))
                .col(string("epoch"))
                .col(big_integer("rev"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("closed_at"))
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "session_room_listed",
        "session_room",
        &["phase", "public", "id"],
    )
    .await?;
    index(
        manager,
        "session_room_host",
        "session_room",
        &["host", "phase"],
    )
    .await?;
    manager
        .create_table(
            Table::create()
                .table("session_seat")
                .col(uuid("room_id"))
                .col(uuid("player_id"))
                .col(boolean("ready"))
                .col(timestamp_with_time_zone("joined_at"))
                .col(timestamp_with_time_zone_null("left_at"))
                .col(big_integer("last_client_seq"))
                .col(big_integer("last_rev"))
                .primary_key(Index::create().col("room_id").col("player_id"))
                .foreign_key(
                    ForeignKey::create()
                        .from("session_seat", "room_id")
                        .to("session_room", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await?;
    index(
        manager,
        "session_seat_player",
        "session_seat",
        &["player_id", "left_at"],
    )
    .await?;
    manager
        .create_table(
            Table::create()
                .table("session_room_log")
                .col(uuid("room_id"))
                .col(big_integer("rev"))
                .col(string("kind"))
                .col(uuid("player_id"))
                .col(text_null("patch"))
                .col(big_integer_null("client_seq"))
                .col(timestamp_with_time_zone("at"))
                .primary_key(Index::create().col("room_id").col("rev"))
                .foreign_key(
                    ForeignKey::create()
                        .from("session_room_log", "room_id")
                        .to("session_room", "id")
                        .on_delete(ForeignKeyAction::Cascade),
                )
                .to_owned(),
        )
        .await
}

async fn index(
    manager: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    manager.create_index(index).await
}

/// Whoever guesses at a name does not make its owner wait where they are known.
struct Places;

impl MigrationName for Places {
    fn name(&self) -> &'static str {
        "m0003_session_places"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Places {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("session_login_guard")
            .add_column(timestamp_with_time_zone_null("known_until"))
            .to_owned();
        manager.alter_table(table).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::alter()
            .table("session_login_guard")
            .drop_column("known_until")
            .to_owned();
        manager.alter_table(table).await
    }
}
