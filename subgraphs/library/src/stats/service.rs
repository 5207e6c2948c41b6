//! Counting what a viewer may see.

use super::store;
use crate::{
    account,
    game::visible,
    platform::Registry,
    search::{
        Indexes,
        facets::{Facets, Tally},
        filter::Filter,
        index::Entry,
        service::platform_name,
    },
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Fault, event::GameKind, viewer::Identity};
use djinn_subgraph_kit::Ports;
use uuid::Uuid;

/// A household's library in numbers.
#[derive(Debug, Default)]
pub struct Stats {
    /// Games proper that are not hidden: what `games` lists by itself.
    pub games: usize,
    /// Copies of those.
    pub copies: i64,
    /// Minutes played.
    pub playtime_minutes: i64,
    /// Games that were ever played.
    pub played: usize,
    /// Linked libraries.
    pub libraries: u64,
    /// By platform, status and genre.
    pub facets: Facets,
    /// The last sync that reached its end.
    pub last_sync_at: Option<DateTime<Utc>>,
}

/// Counts.
pub async fn stats(
    ports: &Ports,
    indexes: &Indexes,
    registry: &Registry,
    identity: &Identity,
) -> Result<Stats, Fault> {
    let household = identity.household.0;
    let index = indexes.of(ports, identity).await?;
    let mut stats = Stats::default();
    let mut tally = Tally::new(&index);
    let listed = Filter::default();
    for entry in index
        .entries
        .iter()
        .filter(|entry| visible(identity.family, entry.rated))
    {
        if !listed.kinds.contains(&entry.kind) || entry.hidden {
            continue;
        }
        stats.games += 1;
        stats.copies += i64::from(entry.copies);
        stats.playtime_minutes += i64::from(entry.playtime_minutes);
        stats.played += usize::from(entry.was_played());
        tally.add(entry, 0);
    }
    stats.facets = tally.facets(|id| platform_name(registry, id));
    stats.libraries = account::store::count(ports.db.read(), household).await?;
    stats.last_sync_at = store::last_sync(ports.db.read(), household).await?;
    Ok(stats)
}

/// The `first` games played last, demos among them, hidden ones not.
pub async fn recently_played(
    ports: &Ports,
    indexes: &Indexes,
    identity: &Identity,
    first: usize,
) -> Result<Vec<Uuid>, Fault> {
    let index = indexes.of(ports, identity).await?;
    let shown = |entry: &&std::sync::Arc<Entry>| {
        visible(identity.family, entry.rated)
            && !entry.hidden
            && matches!(entry.kind, GameKind::Game | GameKind::Demo)
    };
    let mut played: Vec<_> = index
        .entries
        .iter()
        .filter(shown)
        .filter_map(|entry| Some((std::cmp::Reverse(entry.last_played_at?), entry.id)))
        .collect();
    // Stable: ties keep the order of titles.
    played.sort_by_key(|(at, _)| *at);
    played.truncate(first);
    Ok(played.into_iter().map(|(_, id)| id).collect())
}
