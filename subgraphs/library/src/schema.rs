//! The subgraph's schema and everything that runs beside it.

use crate::{
    Config, NAME,
    account::{self, Accounts, graphql::AccountQuery, mutation::AccountMutation},
    achievement,
    analytics::{self, AnalyticsQuery},
    by_hand::graphql::ByHandMutation,
    collection::{self, CollectionMutation, CollectionQuery, Memberships},
    events::Ear,
    export::{
        self, Exports,
        graphql::{ExportMutation, ExportQuery},
    },
    forget::{Forgets, graphql::ForgetMutation},
    game::{self, GameMutation, GameQuery},
    household::{HouseholdMutation, HouseholdQuery},
    import::{
        Imports,
        graphql::{ImportMutation, ImportQuery},
    },
    missing::MissingQuery,
    platform::{Registry, graphql::PlatformQuery},
    search::{Indexes, SearchQuery},
    stats::StatsQuery,
    status::{self, own::graphql::StatusMutation},
    sync::{
        Syncs,
        graphql::{SyncMutation, SyncQuery},
        listing::Listing,
        schedule::{Schedules, graphql::ScheduleMutation},
        stream::SyncSubscription,
        worker,
    },
    work::WorkQuery,
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
    HouseholdQuery,
    SearchQuery,
    CollectionQuery,
    StatsQuery,
    AnalyticsQuery,
    ImportQuery,
    ExportQuery,
    WorkQuery,
    MissingQuery,
);

/// The changes of the library.
#[derive(Default, MergedObject)]
pub struct Mutation(
    AccountMutation,
    SyncMutation,
    ScheduleMutation,
    ImportMutation,
    GameMutation,
    HouseholdMutation,
    StatusMutation,
    CollectionMutation,
    ExportMutation,
    ForgetMutation,
    ByHandMutation,
);

/// The library subgraph.
#[derive(Debug, Clone, Copy)]
pub struct Library;

impl Library {
    /// Puts it together.
    pub fn assemble(ports: Ports, config: Config) -> Parts {
        let registry = Registry::new(&ports, &config);
        let accounts = Accounts::new(ports.clone(), registry.clone(), config.limits);
        let schedules = Schedules::new(ports.clone(), registry.clone(), config.sync);
        let syncs = Syncs::new(ports.clone(), registry.clone());
        let listing = Listing {
            schedules: schedules.clone(),
            syncs: syncs.clone(),
            achievements: config.sync.achievements,
            owner: ports.ids.new_id(),
            ports: ports.clone(),
            registry: registry.clone(),
            accounts: accounts.clone(),
        };
        let fetcher = achievement::fetch::Fetcher {
            ports: ports.clone(),
            registry: registry.clone(),
            accounts: accounts.clone(),
        };
        let resealer = account::reseal::worker(accounts.clone());
        let schema = graph::schema(Query::default(), Mutation::default(), SyncSubscription)
            .data(ports.clone())
            .data(registry.clone())
            .data(Indexes::default())
            .data(Memberships::default())
            .data(Forgets::new(ports.clone(), accounts.clone()))
            .data(Exports::new(ports.clone()))
            .data(accounts)
            .data(syncs)
            .data(schedules)
            .data(Imports::new(ports.clone(), config.limits))
            .finish();
        let sweeper = export::file::worker(ports.clone());
        let ear = Arc::new(Ear::new(ports.clone()));
        let local = Local::new(NAME, schema, move |request, viewer| {
            let request = account::loaders(request, &ports, viewer);
            let request = collection::loaders(request, &ports);
            let request = analytics::loaders(request, &ports, viewer);
            let request = achievement::loader::loaders(request, &ports, viewer);
            let request = status::own::loader::loaders(request, &ports);
            game::loaders(request, &ports, viewer)
        });
        Parts {
            sdl: local.sdl(),
            subgraph: Arc::new(local),
            consumer: Some(ear),
            workers: vec![
                worker::worker(listing),
                achievement::worker::worker(fetcher),
                sweeper,
                resealer,
            ],
        }
    }
}
