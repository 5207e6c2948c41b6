//! The subgraph's schema and everything that runs beside it.

use crate::{
    Config, NAME,
    account::{self, Accounts, graphql::AccountQuery, mutation::AccountMutation},
    collection::{self, CollectionMutation, CollectionQuery, Memberships},
    events::Ear,
    game::{self, GameMutation, GameQuery},
    import::{Imports, graphql::ImportMutation},
    platform::{Registry, graphql::PlatformQuery},
    search::{Indexes, SearchQuery},
    stats::StatsQuery,
    sync::{
        Syncs,
        graphql::{SyncMutation, SyncQuery},
        listing::Listing,
        stream::SyncSubscription,
        worker,
    },
};
use async_graphql::MergedObject;
use djinn_subgraph_kit::{Local, Parts, Ports, graph};
use std::sync::Arc;

/// The queries of the library.
#[derive(Default, MergedObject)]
pub struct Query(
    PlatformQuery,
    AccountQuery,
    SyncQuery,
    GameQuery,
    SearchQuery,
    CollectionQuery,
    StatsQuery,
);

/// The changes of the library.
#[derive(Default, MergedObject)]
pub struct Mutation(
    AccountMutation,
    SyncMutation,
    ImportMutation,
    GameMutation,
    CollectionMutation,
);

/// The library subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Library;

impl Library {
    /// Puts it together.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let registry = Registry::new(&ports, &config);
        let accounts = Accounts::new(ports.clone(), registry.clone(), config.limits);
        let listing = Listing {
            owner: ports.ids.new_id(),
            ports: ports.clone(),
            registry: registry.clone(),
            accounts: accounts.clone(),
        };
        let schema = graph::schema(Query::default(), Mutation::default(), SyncSubscription)
            .data(ports.clone())
            .data(registry.clone())
            .data(Indexes::default())
            .data(Memberships::default())
            .data(accounts)
            .data(Syncs::new(ports.clone(), registry))
            .data(Imports::new(ports.clone(), config.limits))
            .finish();
        let ear = Arc::new(Ear::new(ports.clone()));
        let local = Local::new(NAME, schema, move |request, viewer| {
            let request = account::loaders(request, &ports, viewer);
            let request = collection::loaders(request, &ports);
            game::loaders(request, &ports, viewer)
        });
        Parts {
            sdl: local.sdl(),
            subgraph: Arc::new(local),
            consumer: Some(ear),
            workers: vec![worker::worker(listing)],
        }
    }
}
