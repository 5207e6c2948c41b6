//! The schema, and what the composition root gets.

use crate::{
    Config,
    invite::{self, Invites},
    key::{self, Keyring},
    login::{self, Logins},
    parked::{self, Parked},
    player::{self, PlayerLoader, Players, ProfilesLoader},
    room::{self, Rooms},
    sweep,
};
use async_graphql::{MergedObject, MergedSubscription, dataloader::DataLoader};
use djinn_subgraph_kit::{Local, Parts, Ports, graph};
use std::sync::Arc;

/// Everything that can be read.
#[derive(MergedObject, Default)]
pub struct Query(
    player::PlayerQuery,
    login::LoginQuery,
    key::KeyQuery,
    invite::InviteQuery,
    parked::ParkedQuery,
    room::RoomQuery,
);

/// Everything that can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    player::PlayerMutation,
    login::LoginMutation,
    key::KeyMutation,
    invite::InviteMutation,
    parked::ParkedMutation,
    room::RoomMutation,
);

/// Everything that can be followed.
#[derive(MergedSubscription, Default)]
pub struct Subscription(room::RoomSubscription);

/// The session subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Session;

impl Session {
    /// Puts it together.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let logins = Logins::new(ports.clone(), &config);
        let schema = graph::schema(
            Query::default(),
            Mutation::default(),
            Subscription::default(),
        )
        .data(Players::new(ports.clone()))
        .data(Invites::new(ports.clone(), logins.hasher(), config.auth))
        .data(logins)
        .data(Keyring::new(ports.clone()))
        .data(Parked::new(ports.clone()))
        .data(Rooms::new(ports.clone()))
        .finish();
        let db = ports.db.clone();
        let local = Local::new("session", schema, move |request, _viewer| {
            request
                .data(DataLoader::new(PlayerLoader::new(db.clone()), tokio::spawn))
                .data(DataLoader::new(
                    ProfilesLoader::new(db.clone()),
                    tokio::spawn,
                ))
        });
        let sdl = local.sdl();
        Parts {
            subgraph: Arc::new(local),
            sdl,
            consumer: None,
            workers: vec![sweep::worker(ports)],
        }
    }
}
