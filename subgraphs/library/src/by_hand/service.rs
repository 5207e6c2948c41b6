//! Entering, changing and removing one game.

use super::NotByHand;
use crate::{
    account,
    copy::{
        self, Holding, MAX_TITLE, clean,
        entity::{Column, Entity, Model},
        identity,
        upsert::{self, Incoming, Shelf, Source},
    },
    game::{self, UNPLAYED, holdings, service::Change},
    import::{self, MAX_ID, MAX_MINUTES, waiting},
    platform::{MANUAL, name_of, slug},
    status::own,
    sync,
};
use chrono::{DateTime, Datelike, SubsecRound, Utc};
use djinn_kernel::{
    Doing, Esrb, Fault, Scope,
    event::{CopiesFound, Hints},
    ids::{CopyId, LibraryId, PlayerId},
    viewer::Identity,
};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A game to enter.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// Its title.
    pub title: String,
    /// The store or console; none where it is just on the shelf.
    pub platform: Option<String>,
    /// The store's own id.
    pub store_id: Option<String>,
    /// The year of release.
    pub year: Option<i32>,
    /// How it is held; owned when nobody says.
    pub holding: Option<Holding>,
    /// Minutes played.
    pub playtime_minutes: Option<i32>,
    /// Last played.
    pub last_played_at: Option<DateTime<Utc>>,
    /// How it is rated, for games that no provider knows.
    pub esrb: Option<Esrb>,
    /// A status' id.
    pub status: Option<String>,
}

/// What to change about a copy; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Its title.
    pub title: Option<String>,
    /// The store or console.
    pub platform: Option<String>,
    /// The store's own id.
    pub store_id: Change<String>,
    /// The year of release.
    pub year: Change<i32>,
    /// How it is held.
    pub holding: Option<Holding>,
    /// Minutes played.
    pub playtime_minutes: Option<i32>,
    /// Last played.
    pub last_played_at: Change<DateTime<Utc>>,
    /// How it is rated.
    pub esrb: Change<Esrb>,
}

/// Whether `who` runs the hub: as of a file, only then does a rating open a game to children, and
/// is a store's id believed. Anybody else's word may close one.
fn runs_the_hub(who: &Identity) -> bool {
    who.scopes.contains(&Scope::Admin)
}

/// Puts a game onto a shelf of the household's own.
pub async fn add(
    ports: &Ports,
    who: &Identity,
    library: &str,
    entry: Entry,
) -> Result<Model, NotByHand> {
    let at = "input.libraryId";
    let household = who.household.0;
    let library = LibraryId::parse(library).map_err(|id| NotByHand::Id { at, id })?;
    let mut incoming = incoming(entry, runs_the_hub(who))?;
    let place = Shelf {
        library: library.0,
        household,
    };
    let txn = ports.db.begin().await.doing("entering a game")?;
    on_own_shelf(&txn, place, at).await?;
    if let Some(said) = incoming.status.take() {
        incoming.status = Some(status(&txn, household, said).await?);
    }
    let identity = incoming.identity();
    let there = copy::store::by_identity(&txn, place.library, [&*identity].into_iter()).await?;
    if there.values().any(|row| row.removed_at.is_none()) {
        return Err(NotByHand::Exists);
    }
    let run = follow(&txn, ports, place, 1).await?;
    upsert::plan(ports, place, run, Source::File, there, [incoming])
        .write(&txn, ports, place, run)
        .await?;
    let mut made = copy::store::by_identity(&txn, place.library, [&*identity].into_iter()).await?;
    let made = made.remove(&identity).doing("finding what was entered")?;
    txn.commit().await.doing("entering a game")?;
    tell(ports, place.library);
    Ok(made)
}

/// Changes a copy on a shelf of the household's own.
pub async fn edit(ports: &Ports, who: &Identity, id: &str, edit: Edit) -> Result<Model, NotByHand> {
    let at = "input.id";
    let (household, by_admin) = (who.household.0, runs_the_hub(who));
    let id = CopyId::parse(id).map_err(|id| NotByHand::Id { at, id })?;
    let txn = ports.db.begin().await.doing("changing a copy")?;
    let before = own_copy(&txn, household, id.0, at).await?;
    let place = Shelf {
        library: before.library_id,
        household,
    };
    let after = changed(before.clone(), edit, by_admin)?;
    if after == before {
        return Ok(before);
    }
    if after.identity != before.identity {
        make_way(&txn, &after).await?;
    }
    copy::store::update(&txn, vec![after.clone()]).await?;
    let reads_anew = after.identity != before.identity
        || after.title != before.title
        || after.year != before.year
        || after.hints != before.hints;
    if reads_anew {
        follow(&txn, ports, place, 0).await?;
        let found = CopiesFound {
            library: LibraryId(place.library),
            household: Some(PlayerId(household)),
            copies: vec![upsert::found(&after, None, by_admin)],
        };
        outbox::append(&txn, crate::NAME, &*ports.clock, &*ports.ids, &found).await?;
    }
    let games: Vec<Uuid> = after.game_id.into_iter().collect();
    holdings::refresh(&txn, ports, household, &games).await?;
    txn.commit().await.doing("changing a copy")?;
    tell(ports, place.library);
    Ok(after)
}

/// Takes a copy off a shelf of the household's own. What was said of its game stays, in case it
/// comes back.
pub async fn remove(ports: &Ports, household: Uuid, id: &str) -> Result<(), NotByHand> {
    let at = "id";
    let id = CopyId::parse(id).map_err(|id| NotByHand::Id { at, id })?;
    let txn = ports.db.begin().await.doing("removing a copy")?;
    let row = own_copy(&txn, household, id.0, at).await?;
    copy::store::remove(&txn, &[row.id], ports.clock.now()).await?;
    waiting::forget_of(&txn, &[row.id]).await?;
    let games: Vec<Uuid> = row.game_id.into_iter().collect();
    holdings::refresh(&txn, ports, household, &games).await?;
    txn.commit().await.doing("removing a copy")?;
    tell(ports, row.library_id);
    Ok(())
}

/// The status that is meant, if it is the hub's or the household's own.
async fn status(
    txn: &impl ConnectionTrait,
    household: Uuid,
    said: String,
) -> Result<String, NotByHand> {
    if game::status(&said).is_some() {
        return Ok(said);
    }
    let own = own::store::of(txn, household).await?;
    let known = own::of_id(&own, &said).map(|one| one.id.clone());
    known.ok_or_else(|| {
        let message = "no status has that id; the query `statuses` lists them";
        wrong("input.status", message)
    })
}

fn tell(ports: &Ports, library: Uuid) {
    ports.bus.poke(&sync::topic(library));
    for topic in [outbox::TOPIC, sync::TOPIC] {
        ports.bus.poke(topic);
    }
}

/// The run that shows how it is matched.
async fn follow(
    txn: &DatabaseTransaction,
    ports: &Ports,
    place: Shelf,
    added: i32,
) -> Result<Uuid, Fault> {
    let mut run = import::matching_run(txn, ports, place, "Entered by hand.").await?;
    run.added = added;
    let id = run.id;
    sync::store::insert(txn, run).await?;
    Ok(id)
}

/// Refuses a library that is not the household's, or that a platform fills.
async fn on_own_shelf(
    txn: &impl ConnectionTrait,
    place: Shelf,
    at: &'static str,
) -> Result<(), NotByHand> {
    let shelf = account::store::get(txn, place.household, place.library).await?;
    let shelf = shelf.ok_or(NotByHand::NoLibrary(at))?;
    if shelf.platform == MANUAL {
        Ok(())
    } else {
        Err(NotByHand::OfStore(name_of(&shelf.platform), at))
    }
}

async fn own_copy(
    txn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
    at: &'static str,
) -> Result<Model, NotByHand> {
    let row = Entity::find_by_id(id)
        .filter(Column::HouseholdId.eq(household))
        .filter(Column::RemovedAt.is_null())
        .one(txn)
        .await
        .doing("loading a copy")?
        .ok_or(NotByHand::NoCopy(at))?;
    let place = Shelf {
        library: row.library_id,
        household,
    };
    match on_own_shelf(txn, place, at).await {
        // Unlinked in this very moment.
        Err(NotByHand::NoLibrary(at)) => Err(NotByHand::NoCopy(at)),
        Err(other) => Err(other),
        Ok(()) => Ok(row),
    }
}

/// Another copy that is the same game is in the way; one that was removed steps aside.
async fn make_way(txn: &impl ConnectionTrait, after: &Model) -> Result<(), NotByHand> {
    let wanted = [&*after.identity].into_iter();
    let there = copy::store::by_identity(txn, after.library_id, wanted).await?;
    for mut other in there.into_values().filter(|other| other.id != after.id) {
        if other.removed_at.is_none() {
            return Err(NotByHand::Exists);
        }
        other.identity = format!("removed:{}", other.id);
        copy::store::update(txn, vec![other]).await?;
    }
    Ok(())
}

fn incoming(entry: Entry, by_admin: bool) -> Result<Incoming, NotByHand> {
    let hints = entry.esrb.map(|esrb| Hints {
        esrb: Some(esrb),
        by_admin,
        ..Hints::default()
    });
    Ok(Incoming {
        platform: match entry.platform {
            Some(typed) => platform(&typed)?,
            None => MANUAL.to_owned(),
        },
        store_id: entry.store_id.map_or(Ok(None), |typed| store_id(&typed))?,
        title: Some(title(&entry.title)?),
        holding: entry.holding,
        playtime_minutes: entry.playtime_minutes.map(minutes).transpose()?,
        last_played_at: entry.last_played_at.map(time).transpose()?,
        year: entry.year.map(year).transpose()?,
        hints,
        status: entry.status,
        vouched: by_admin,
        ..Incoming::default()
    })
}

fn changed(mut row: Model, edit: Edit, by_admin: bool) -> Result<Model, NotByHand> {
    let rates = !matches!(edit.esrb, Change::Keep);
    let said_of = (row.identity.clone(), row.title.clone(), row.year);
    if let Some(typed) = edit.title {
        row.title = title(&typed)?;
    }
    if let Some(typed) = edit.platform {
        row.platform = platform(&typed)?;
    }
    row.store_id = match edit.store_id {
        Change::To(typed) => store_id(&typed)?,
        other => other.apply(row.store_id),
    };
    row.year = match edit.year {
        Change::To(said) => Some(year(said)?),
        other => other.apply(row.year),
    };
    if let Some(holding) = edit.holding {
        row.holding = holding;
    }
    if let Some(said) = edit.playtime_minutes {
        let before = std::mem::replace(&mut row.playtime_minutes, minutes(said)?);
        if row.playtime_minutes > before {
            // It was unplayed with the minutes there were.
            row.import_status = row.import_status.filter(|id| id != UNPLAYED);
        }
    }
    row.last_played_at = match edit.last_played_at {
        Change::To(said) => Some(time(said)?),
        other => other.apply(row.last_played_at),
    };
    row.identity = identity(&row.platform, row.store_id.as_deref(), &row.title, row.year);
    let before: Hints = serde_json::from_value(row.hints.clone()).unwrap_or_default();
    let mut hints = before.clone();
    hints.esrb = edit.esrb.apply(hints.esrb);
    if rates {
        hints.by_admin = by_admin && (hints.esrb.is_some() || !hints.boards.is_empty());
    } else if (&row.identity, &row.title, row.year) != (&said_of.0, &said_of.1, said_of.2) {
        // What was said of one game by whoever runs the hub opens no other.
        hints.by_admin &= by_admin;
    }
    if hints != before {
        row.hints = serde_json::to_value(hints).doing("keeping how a game is rated")?;
    }
    Ok(row)
}

fn wrong(at: &'static str, message: impl Into<String>) -> NotByHand {
    NotByHand::Wrong {
        at,
        message: message.into(),
    }
}

fn title(typed: &str) -> Result<String, NotByHand> {
    let title = clean(typed, MAX_TITLE + 1);
    if (1..=MAX_TITLE).contains(&title.chars().count()) {
        Ok(title)
    } else {
        let message = format!("a title has 1 to {MAX_TITLE} characters");
        Err(wrong("input.title", message))
    }
}

fn platform(typed: &str) -> Result<String, NotByHand> {
    if !typed.chars().any(char::is_alphanumeric) {
        let message = "a platform has a name, for instance `Nintendo Switch`";
        return Err(wrong("input.platform", message));
    }
    Ok(slug(typed))
}

fn store_id(typed: &str) -> Result<Option<String>, NotByHand> {
    let id = clean(typed, MAX_ID + 1);
    if id.chars().count() > MAX_ID {
        let message = format!("a store's id has at most {MAX_ID} characters");
        return Err(wrong("input.storeId", message));
    }
    Ok((!id.is_empty()).then_some(id))
}

fn year(said: i32) -> Result<i32, NotByHand> {
    if (1950..=2100).contains(&said) {
        Ok(said)
    } else {
        Err(wrong("input.year", "a year is between 1950 and 2100"))
    }
}

fn minutes(said: i32) -> Result<i32, NotByHand> {
    if (0..=MAX_MINUTES).contains(&said) {
        Ok(said)
    } else {
        let message = format!("minutes are 0 to {MAX_MINUTES}");
        Err(wrong("input.playtimeMinutes", message))
    }
}

/// A time as both databases keep it.
fn time(said: DateTime<Utc>) -> Result<DateTime<Utc>, NotByHand> {
    if (1950..=2100).contains(&said.year()) {
        Ok(said.trunc_subsecs(6))
    } else {
        let message = "a time is in the years 1950 to 2100";
        Err(wrong("input.lastPlayedAt", message))
    }
}
