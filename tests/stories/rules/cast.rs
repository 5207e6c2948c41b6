//! Everybody who asks, and what they have.

use crate::{
    hub::{Hub, PASSWORD, Person},
    the_graph::{game, import},
};
use djinn_kernel::{Role, Scope};
use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};

/// Somebody who asks, and what they should be let do.
pub struct Actor<'h> {
    /// For the failure's text.
    pub name: &'static str,
    /// They themselves.
    pub person: Person<'h>,
    /// What their credential may do; `None` for nobody.
    pub scopes: Option<Vec<Scope>>,
    /// Whether they are a child.
    pub child: bool,
    /// Whether they came by an API key.
    pub key: bool,
}

/// A household of Anna and her child Ben, and two strangers.
pub struct Cast<'h> {
    /// The owner of the hub, with a library.
    pub anna: Person<'h>,
    /// Anna's child; nothing above EVERYONE.
    pub ben: Person<'h>,
    /// A player of another household.
    pub otto: Person<'h>,
    /// A moderator of another household.
    pub mia: Person<'h>,
}

impl<'h> Cast<'h> {
    /// Sets the hub up and lets everybody in.
    pub async fn of(hub: &'h Hub) -> Self {
        let anna = hub.owner().await;
        import(&anna).await;
        let made = anna
            .ask(
                "mutation { createProfile(input: { name: \"Ben\", ceiling: EVERYONE }) { profile { id } problems { code } } }",
                json!({}),
            )
            .await;
        let used = anna
            .ask(
                "mutation($id: ID!) { useProfile(profileId: $id) { tokens { accessToken refreshToken player { id } } problems { code } } }",
                json!({ "id": made["createProfile"]["profile"]["id"] }),
            )
            .await;
        let ben = Person::new(hub, &used["useProfile"]);
        let otto = stranger(hub, "Otto", "player", 1).await;
        let mia = stranger(hub, "Mia", "moderator", 2).await;
        // Something to get from a board to a game by.
        let doom = game(&anna, "DOOM").await;
        anna.ask(
            "mutation($game: ID) { createBoard(input: { name: \"Fastest\", gameId: $game }) { board { id } problems { code } } }",
            json!({ "game": doom }),
        )
        .await;
        Self {
            anna,
            ben,
            otto,
            mia,
        }
    }
}

/// Somebody with an account and a household of their own; Anna's password will do.
async fn stranger<'h>(hub: &'h Hub, name: &str, role: &str, n: u8) -> Person<'h> {
    let hex = format!("0192000000007000800000000000000{n}");
    let db = hub.database().write();
    let id = match db.get_database_backend() {
        DbBackend::Postgres => format!("'{hex}'::uuid"),
        _ => format!("X'{hex}'"),
    };
    let key = name.to_lowercase();
    let sql = format!(
        "INSERT INTO session_player (id, name, name_key, role, password, household, ceiling, shows_unrated, created_at, removed_at)
         SELECT {id}, '{name}', '{key}', '{role}', password, {id}, ceiling, shows_unrated, created_at, removed_at
         FROM session_player WHERE name_key = 'anna'"
    );
    db.execute_unprepared(&sql).await.unwrap();
    let answer = hub
        .anonymous()
        .ask(
            "mutation($input: LoginInput!) { login(input: $input) { tokens { accessToken refreshToken player { id } } problems { code } } }",
            json!({ "input": { "name": name, "password": PASSWORD } }),
        )
        .await;
    Person::new(hub, &answer["login"])
}

/// A key of `owner` with these scopes.
pub async fn key<'h>(hub: &'h Hub, owner: &Person<'_>, scopes: &[Scope]) -> (Person<'h>, Value) {
    let scopes: Vec<String> = scopes
        .iter()
        .map(|scope| format!("{scope:?}"))
        .map(|name| {
            name.chars().fold(String::new(), |text, c| {
                // `ReadLibrary` is `READ_LIBRARY` in the graph.
                if c.is_uppercase() && !text.is_empty() {
                    format!("{text}_{c}")
                } else {
                    format!("{text}{}", c.to_ascii_uppercase())
                }
            })
        })
        .collect();
    let made = owner
        .ask(
            "mutation($scopes: [Scope!]!) { createApiKey(input: { name: \"rule\", scopes: $scopes }) { secret apiKey { id } problems { code } } }",
            json!({ "scopes": scopes }),
        )
        .await;
    let made = &made["createApiKey"];
    (
        hub.with_key(made["secret"].as_str().unwrap()),
        made["apiKey"]["id"].clone(),
    )
}

/// Everybody who is let in at the door.
pub async fn actors(hub: &Hub) -> Vec<Actor<'_>> {
    let cast = Cast::of(hub).await;
    let reads = vec![Scope::ReadLibrary, Scope::ReadPlay];
    let plays = vec![Scope::ReadPlay, Scope::WritePlay];
    let all = Role::Player.scopes();
    let (reader, _) = key(hub, &cast.otto, &reads).await;
    let (gamer, _) = key(hub, &cast.otto, &plays).await;
    let (full, _) = key(hub, &cast.otto, &all).await;
    let login = |name, person, role: Role| Actor {
        name,
        person,
        scopes: Some(role.scopes()),
        child: role == Role::Child,
        key: false,
    };
    let by_key = |name, person, scopes| Actor {
        name,
        person,
        scopes: Some(scopes),
        child: false,
        key: true,
    };
    vec![
        Actor {
            name: "nobody",
            person: hub.anonymous(),
            scopes: None,
            child: false,
            key: false,
        },
        by_key("a read-only key", reader, reads),
        by_key("a key to play", gamer, plays),
        by_key("a full key", full, all),
        login("a child", cast.ben, Role::Child),
        login("a player", cast.otto, Role::Player),
        login("a moderator", cast.mia, Role::Moderator),
        login("the admin", cast.anna, Role::Admin),
    ]
}
