//! Taking over what a platform or a file says about copies.
//!
//! [`plan`] is pure and says what would happen, for a dry run too; [`Plan::write`] does it.

use super::{Holding, clean, entity::Model, identity, store};
use crate::{
    achievement::Wanted,
    game::{UNPLAYED, holdings},
    play::{self, Growth},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Fault,
    event::{CopiesFound, FileEntry, FoundCopy, Hints},
    ids::{CopyId, LibraryId, PlayerId},
};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::DatabaseTransaction;
use std::{collections::HashMap, hash::BuildHasher};
use uuid::Uuid;

/// The most copies in one event. With all that may be said of each, a hundred events that are
/// relayed together are megabytes still.
const EVENT: usize = 20;

/// What a source says about one copy. What it does not say stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Incoming {
    /// The platform's id.
    pub platform: String,
    /// The platform's own id of the game.
    pub store_id: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// How it is held; owned when nobody says.
    pub holding: Option<Holding>,
    /// Minutes played.
    pub playtime_minutes: Option<i32>,
    /// Last played.
    pub last_played_at: Option<DateTime<Utc>>,
    /// When its owner got it, when a file says.
    pub added_at: Option<DateTime<Utc>>,
    /// Year of release.
    pub year: Option<i32>,
    /// What else it says.
    pub hints: Option<Hints>,
    /// The status' id.
    pub status: Option<String>,
    /// Which entry of a file of ours brings it: metadata hears of it, also with a copy that is here.
    pub entry: Option<FileEntry>,
    /// Whether somebody who runs the hub brings it, and so vouches for the store's id.
    pub vouched: bool,
}

impl Incoming {
    /// What makes it the same copy next time.
    pub fn identity(&self) -> String {
        identity(
            &self.platform,
            self.store_id.as_deref(),
            self.title.as_deref().unwrap_or_default(),
            self.year,
        )
    }
}

/// Whose word counts when source and hub differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A platform: its playtime never goes down, since a privacy switch makes it answer 0.
    Platform,
    /// A file: a person's word, taken as it is.
    File,
}

/// What happens to one copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is new, or comes back.
    Added,
    /// Something about it changes.
    Updated,
    /// Nothing does.
    Unchanged,
}

/// Whose copies they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shelf {
    /// The library.
    pub library: Uuid,
    /// Its household.
    pub household: Uuid,
}

/// What is to be written.
#[derive(Debug, Default)]
pub struct Plan {
    /// What happens to each, in the order they came.
    pub fates: Vec<Fate>,
    /// The copies that may have achievements.
    pub playable: Vec<Wanted>,
    insert: Vec<Model>,
    update: Vec<Model>,
    seen: Vec<Uuid>,
    found: Vec<FoundCopy>,
    games: Vec<Uuid>,
    grown: Vec<Growth>,
}

impl Plan {
    /// How many have this fate.
    pub fn count(&self, fate: Fate) -> i32 {
        self.fates.iter().filter(|one| **one == fate).count() as i32
    }

    /// Writes it, with the events for metadata and the sums of the games it touches.
    pub async fn write(
        self,
        txn: &DatabaseTransaction,
        ports: &Ports,
        shelf: Shelf,
        run: Uuid,
    ) -> Result<(), Fault> {
        store::insert(txn, self.insert).await?;
        store::update(txn, self.update).await?;
        store::mark_seen(txn, &self.seen, run, ports.clock.now()).await?;
        play::store::record(txn, shelf.household, &self.grown).await?;
        let event = |copies: &[FoundCopy]| CopiesFound {
            library: LibraryId(shelf.library),
            household: Some(PlayerId(shelf.household)),
            copies: copies.to_vec(),
        };
        let found: Vec<CopiesFound> = self.found.chunks(EVENT).map(event).collect();
        outbox::append_all(txn, crate::NAME, &*ports.clock, &*ports.ids, &found).await?;
        holdings::refresh(txn, ports, shelf.household, &self.games).await
    }
}

/// Reckons what `incoming` changes. `existing` are the shelf's copies with those identities.
pub fn plan<S: BuildHasher>(
    ports: &Ports,
    shelf: Shelf,
    run: Uuid,
    source: Source,
    mut existing: HashMap<String, Model, S>,
    incoming: impl IntoIterator<Item = Incoming>,
) -> Plan {
    let mut plan = Plan::default();
    let now = ports.clock.now();
    for one in incoming {
        let identity = one.identity();
        let vouched = one.vouched || source == Source::Platform;
        let before = existing.remove(&identity);
        let after = merged(ports, shelf, source, identity, before.as_ref(), &one);
        let after = Model {
            seen_run: Some(run),
            seen_at: Some(now),
            missing_since: None,
            removed_at: None,
            ..after
        };
        if after.holding != Holding::Wishlist && after.store_id.is_some() {
            plan.playable.push(Wanted {
                copy: after.id,
                library: after.library_id,
                household: after.household_id,
                minutes: after.playtime_minutes,
                last_played_at: after.last_played_at,
            });
        }
        let Some(before) = before else {
            plan.fates.push(Fate::Added);
            plan.found.push(found(&after, one.entry, vouched));
            plan.insert.push(after);
            continue;
        };
        let came_back = before.removed_at.is_some();
        let unseen = Model {
            seen_run: before.seen_run,
            seen_at: before.seen_at,
            missing_since: before.missing_since,
            removed_at: before.removed_at,
            ..after.clone()
        };
        let changed = unseen != before;
        let reads_anew = unseen.title != before.title
            || unseen.year != before.year
            || unseen.hints != before.hints;
        plan.grown.extend(grown(source, &before, &after, now));
        // A file of ours says which copies are one game, and so may regroup what has one.
        if after.game_id.is_none() || reads_anew || one.entry.is_some() {
            plan.found.push(found(&after, one.entry, vouched));
        }
        if changed || came_back {
            plan.games.extend(after.game_id);
        }
        plan.fates.push(if came_back {
            Fate::Added
        } else if changed {
            Fate::Updated
        } else {
            Fate::Unchanged
        });
        if changed || came_back || before.missing_since.is_some() {
            plan.update.push(after);
        } else {
            plan.seen.push(after.id);
        }
    }
    plan
}

/// How much was played since the last look. Only a platform counts as it is played.
fn grown(source: Source, before: &Model, after: &Model, now: DateTime<Utc>) -> Option<Growth> {
    let minutes = after
        .playtime_minutes
        .saturating_sub(before.playtime_minutes);
    (source == Source::Platform && minutes > 0).then(|| Growth {
        copy: after.id,
        household: after.household_id,
        game: after.game_id,
        platform: after.platform.clone(),
        minutes,
        since: before.seen_at,
        now,
        last_played_at: after.last_played_at,
    })
}

/// A copy as metadata is told of it, where an entry of a file stands for it, and whether its store's
/// id can be believed to be its title's.
pub fn found(row: &Model, entry: Option<FileEntry>, vouched: bool) -> FoundCopy {
    FoundCopy {
        copy: CopyId(row.id),
        platform: row.platform.clone(),
        store_id: row.store_id.clone(),
        title: row.title.clone(),
        year: row.year,
        hints: hints(row),
        entry,
        vouched,
    }
}

fn hints(row: &Model) -> Hints {
    serde_json::from_value(row.hints.clone()).unwrap_or_default()
}

fn merged(
    ports: &Ports,
    shelf: Shelf,
    source: Source,
    identity: String,
    before: Option<&Model>,
    incoming: &Incoming,
) -> Model {
    let now = ports.clock.now();
    let mut row = before.cloned().unwrap_or_else(|| Model {
        id: ports.ids.new_id(),
        library_id: shelf.library,
        household_id: shelf.household,
        platform: incoming.platform.clone(),
        store_id: incoming.store_id.clone(),
        identity,
        // A nameless game is still a game; the next answer or a provider will name it.
        title: format!(
            "{} {}",
            crate::platform::name_of(&incoming.platform),
            incoming.store_id.as_deref().unwrap_or("game")
        ),
        holding: Holding::Owned,
        playtime_minutes: 0,
        last_played_at: None,
        added_at: incoming.added_at.unwrap_or(now),
        year: None,
        hints: serde_json::json!({}),
        import_status: None,
        game_id: None,
        match_revision: 0,
        seen_run: None,
        seen_at: None,
        missing_since: None,
        removed_at: None,
    });
    if let Some(title) = &incoming.title {
        row.title = clean(title, super::MAX_TITLE);
    }
    if let Some(holding) = incoming.holding {
        row.holding = holding;
    }
    match source {
        Source::Platform => {
            row.playtime_minutes = row
                .playtime_minutes
                .max(incoming.playtime_minutes.unwrap_or(0));
            row.last_played_at = row.last_played_at.max(incoming.last_played_at);
        }
        Source::File => {
            row.playtime_minutes = incoming.playtime_minutes.unwrap_or(row.playtime_minutes);
            row.last_played_at = incoming.last_played_at.or(row.last_played_at);
        }
    }
    row.year = incoming.year.or(row.year);
    // Compared as hints, not as JSON: PostgreSQL keeps its own order of keys.
    if let Some(said) = &incoming.hints
        && hints(&row) != *said
        && let Ok(said) = serde_json::to_value(said)
    {
        row.hints = said;
    }
    row.import_status = imported(source, before, &row, incoming);
    row
}

/// What import files say of the status. Whoever wrote "unplayed" into one meant the minutes there
/// were; those that a later file brings say otherwise, however often it repeats the word. A file of
/// ours says what was remembered.
fn imported(
    source: Source,
    before: Option<&Model>,
    row: &Model,
    incoming: &Incoming,
) -> Option<String> {
    let said = incoming
        .status
        .clone()
        .or_else(|| row.import_status.clone());
    let is_later = before
        .filter(|before| before.removed_at.is_none())
        .filter(|_| source == Source::File && incoming.entry.is_none())
        .is_some_and(|before| {
            let is_forgotten = before.import_status.is_none() && row.playtime_minutes > 0;
            row.playtime_minutes > before.playtime_minutes || is_forgotten
        });
    said.filter(|id| id != UNPLAYED || !is_later)
}
