//! What a household holds of a game: its copies summed up, and what follows from a change.

use super::{
    UNPLAYED,
    entity::holding,
    joined::{self, Along, Parted},
    status_or_default, store, tags,
};
use crate::{
    collection,
    copy::entity as copy,
    play,
    status::{
        self,
        rule::{self, Said, Stands},
    },
};
use djinn_kernel::{
    Doing, Fault,
    event::{GameHidden, HoldingChanged},
    ids::{GameId, PlayerId},
};
use djinn_subgraph_kit::{Ports, outbox};
use sea_orm::{ActiveEnum, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Sums `household`'s copies of `games` up again, after copies were added, changed, matched or
/// removed in the same transaction. Whatever changed travels as [`HoldingChanged`].
pub async fn refresh(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    games: &[Uuid],
) -> Result<(), Fault> {
    moved(txn, ports, household, games, &[]).await?;
    Ok(())
}

/// A copy that turned out to be of another game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    /// The game it belonged to.
    pub from: Uuid,
    /// The game it belongs to now.
    pub to: Uuid,
}

/// The same after copies moved from game to game. What a person said of a game goes with its last
/// copy: to them it is still the same game. Says of which games no status had been said before: what
/// they have now, a rule made of their copies.
pub async fn moved(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    games: &[Uuid],
    moves: &[Move],
) -> Result<BTreeSet<Uuid>, Fault> {
    let mut unsaid = BTreeSet::new();
    let games: Vec<Uuid> = games
        .iter()
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    if games.is_empty() {
        return Ok(unsaid);
    }
    // First, because it makes everybody else wait who changes this household's holdings.
    let rev = store::bump(txn, household).await?;
    let left = left(txn, household, moves).await?;
    let from: Vec<Uuid> = moves.iter().map(|one| one.from).collect();
    let staying = copies_of(txn, household, &from).await?;
    let parted = Parted::take(txn, household, moves, |game| staying.contains_key(&game)).await?;
    let split = hidden_before(txn, household, moves, |one| {
        staying.contains_key(&one.from) && !parted.came_hidden(one)
    })
    .await?;
    for chunk in games.chunks(store::CHUNK) {
        let mut before = store::holdings(txn, household, chunk).await?;
        let mut copies = copies_of(txn, household, chunk).await?;
        let seen_playing = seen_playing(txn, &copies).await?;
        let (mut changed, mut changes, mut brought) = (Vec::new(), Vec::new(), Vec::new());
        let mut hidden = Vec::new();
        for &game in chunk {
            let copies = copies.remove(&game).unwrap_or_default();
            let before = before.remove(&game);
            let left = left.get(&game).map_or(&[][..], Vec::as_slice);
            if before.is_none() && copies.is_empty() && left.is_empty() {
                continue;
            }
            let before = before.unwrap_or_else(|| nothing(household, game));
            if before.status.is_none() {
                unsaid.insert(game);
            }
            let mut said = parted.without(before.clone());
            said.hidden |= split.contains(&game);
            for (left, along) in left {
                let joined = joined_by(said.clone(), left);
                brought.push(joined::brought(&said, left.game_id, &joined, along.clone()));
                said = joined;
            }
            let after = sum(&said, &copies, &seen_playing);
            changes.extend(status::change(ports, &said, &after));
            if after != before {
                let after = holding::Model {
                    revision: before.revision + 1,
                    index_rev: rev,
                    ..after
                };
                hidden.extend(hiding(&before, &after));
                changed.push(after);
            }
        }
        let events: Vec<HoldingChanged> = changed.iter().map(event).collect();
        outbox::append_all(txn, crate::NAME, &*ports.clock, &*ports.ids, &events).await?;
        tell_hidden(txn, ports, &hidden).await?;
        store::save(txn, changed).await?;
        status::store::insert(txn, changes).await?;
        joined::remember(txn, brought).await?;
    }
    Ok(unsaid)
}

/// What came out of a game that is hidden: who hid the whole meant each part of it.
async fn hidden_before(
    txn: &DatabaseTransaction,
    household: Uuid,
    moves: &[Move],
    counts: impl Fn(Move) -> bool,
) -> Result<HashSet<Uuid>, Fault> {
    let moves: Vec<Move> = moves.iter().copied().filter(|one| counts(*one)).collect();
    let from: Vec<Uuid> = moves.iter().map(|one| one.from).collect();
    let hidden = store::hidden(txn, household, &from).await?;
    let out = moves.iter().filter(|one| hidden.contains(&one.from));
    Ok(out.map(|one| one.to).collect())
}

/// The holdings whose last copy moved, by the game it moved to, with what follows them.
async fn left(
    txn: &DatabaseTransaction,
    household: Uuid,
    moves: &[Move],
) -> Result<HashMap<Uuid, Vec<(holding::Model, Along)>>, Fault> {
    let mut left: HashMap<Uuid, Vec<(holding::Model, Along)>> = HashMap::new();
    let moves: BTreeSet<Move> = moves.iter().copied().collect();
    let from: Vec<Uuid> = moves.iter().map(|one| one.from).collect();
    if from.is_empty() {
        return Ok(left);
    }
    let copies = copies_of(txn, household, &from).await?;
    let holdings = store::holdings(txn, household, &from).await?;
    for Move { from, to } in moves {
        if let Some(row) = holdings.get(&from)
            && !copies.contains_key(&from)
        {
            let along = Along::see(txn, household, from, to).await?;
            collection::store::follow(txn, household, from, to).await?;
            status::store::follow(txn, household, from, to).await?;
            left.entry(to).or_default().push((row.clone(), along));
        }
    }
    Ok(left)
}

/// `row` with what was said of the game that it turned out to be. What was said of it itself wins.
fn joined_by(row: holding::Model, left: &holding::Model) -> holding::Model {
    let says_nothing = status_or_default(row.status.as_deref()) == UNPLAYED;
    let theirs = left.status.clone().filter(|_| says_nothing);
    let status_by = if theirs.is_some() {
        left.status_by
    } else {
        row.status_by
    };
    holding::Model {
        status: theirs.or(row.status),
        status_by,
        favourite: row.favourite || left.favourite,
        hidden: row.hidden || left.hidden,
        notes: row.notes.or_else(|| left.notes.clone()),
        my_rating: row.my_rating.or(left.my_rating),
        my_tags: tags::together(row.my_tags.as_deref(), left.my_tags.as_deref()),
        // It has been played before, so this is no first play.
        playtime_minutes: row.playtime_minutes.max(left.playtime_minutes),
        last_played_at: row.last_played_at.max(left.last_played_at),
        ..row
    }
}

/// Tells the other subgraphs about a holding that is being saved, and was `before`.
pub async fn announce(
    txn: &DatabaseTransaction,
    ports: &Ports,
    before: &holding::Model,
    row: &holding::Model,
) -> Result<(), Fault> {
    let event = event(row);
    outbox::append(txn, crate::NAME, &*ports.clock, &*ports.ids, &event).await?;
    let hidden: Vec<GameHidden> = hiding(before, row).into_iter().collect();
    tell_hidden(txn, ports, &hidden).await
}

/// Tells the other subgraphs what was hidden or is shown again: for children it is not there.
pub async fn tell_hidden(
    txn: &DatabaseTransaction,
    ports: &Ports,
    hidden: &[GameHidden],
) -> Result<(), Fault> {
    outbox::append_all(txn, crate::NAME, &*ports.clock, &*ports.ids, hidden).await?;
    Ok(())
}

/// What to tell of hiding when a holding becomes `after`: of ten thousand new games, nothing.
fn hiding(before: &holding::Model, after: &holding::Model) -> Option<GameHidden> {
    (before.hidden != after.hidden).then_some(GameHidden {
        household: PlayerId(after.household_id),
        game: GameId(after.game_id),
        revision: after.revision,
        hidden: after.hidden,
    })
}

fn event(row: &holding::Model) -> HoldingChanged {
    HoldingChanged {
        household: PlayerId(row.household_id),
        game: GameId(row.game_id),
        revision: row.revision,
        held: row.held,
        playtime_minutes: row.playtime_minutes,
        last_played_at: row.last_played_at,
        status: row
            .held
            .then(|| status_or_default(row.status.as_deref()).to_owned()),
        hidden: row.hidden,
        favourite: row.favourite,
        my_rating: row.my_rating,
    }
}

/// The copies that count: those that have not been removed, oldest first.
async fn copies_of(
    txn: &DatabaseTransaction,
    household: Uuid,
    games: &[Uuid],
) -> Result<HashMap<Uuid, Vec<copy::Model>>, Fault> {
    if games.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = copy::Entity::find()
        .filter(copy::Column::HouseholdId.eq(household))
        .filter(copy::Column::GameId.is_in(games.iter().copied()))
        .filter(copy::Column::RemovedAt.is_null())
        .order_by_asc(copy::Column::Id)
        .all(txn)
        .await
        .doing("loading the copies of games")?;
    let mut copies: HashMap<Uuid, Vec<copy::Model>> = HashMap::new();
    for row in rows {
        if let Some(game) = row.game_id {
            copies.entry(game).or_default().push(row);
        }
    }
    Ok(copies)
}

/// Which of these copies a sync saw being played. Asked only where it decides something: where a
/// file said "unplayed".
async fn seen_playing(
    txn: &DatabaseTransaction,
    copies: &HashMap<Uuid, Vec<copy::Model>>,
) -> Result<HashSet<Uuid>, Fault> {
    let doubtful: Vec<Uuid> = copies
        .values()
        .filter(|of| {
            of.iter()
                .any(|copy| copy.import_status.as_deref() == Some(UNPLAYED))
        })
        .flatten()
        .map(|copy| copy.id)
        .collect();
    play::store::recorded(txn, &doubtful).await
}

/// A game of which nothing is held and nothing was said.
pub fn nothing(household: Uuid, game: Uuid) -> holding::Model {
    holding::Model {
        household_id: household,
        game_id: game,
        copies: 0,
        held: false,
        platforms: String::new(),
        libraries: String::new(),
        held_as: String::new(),
        playtime_minutes: 0,
        last_played_at: None,
        first_added_at: None,
        status: None,
        status_by: None,
        favourite: false,
        hidden: false,
        notes: None,
        my_rating: None,
        my_tags: None,
        revision: 0,
        index_rev: 0,
    }
}

/// The holding as the copies have it now. Marks and notes stay, also when the last copy is gone.
fn sum(
    before: &holding::Model,
    copies: &[copy::Model],
    seen_playing: &HashSet<Uuid>,
) -> holding::Model {
    let playtime = copies.iter().fold(0_i32, |sum, copy| {
        sum.saturating_add(copy.playtime_minutes.max(0))
    });
    let last_played_at = copies.iter().filter_map(|copy| copy.last_played_at).max();
    let played = |minutes: i32, last: Option<_>| minutes > 0 || last.is_some();
    let imported = copies
        .iter()
        .filter_map(|copy| copy.import_status.as_deref());
    let stands = rule::after(
        Stands {
            status: before.status.clone(),
            by: before.status_by,
        },
        played(before.playtime_minutes, before.last_played_at),
        Said {
            imported: Said::imported(imported),
            seen_playing: copies.iter().any(|copy| seen_playing.contains(&copy.id)),
            played: played(playtime, last_played_at),
            // Not where copies came or went: those had their minutes before.
            played_on: before.copies == copies.len() as i32 && playtime > before.playtime_minutes,
        },
    );
    holding::Model {
        copies: copies.len() as i32,
        held: !copies.is_empty(),
        platforms: joined(copies.iter().map(|copy| copy.platform.clone())),
        libraries: joined(copies.iter().map(|copy| copy.library_id.to_string())),
        held_as: joined(copies.iter().map(|copy| copy.holding.to_value())),
        playtime_minutes: playtime,
        last_played_at,
        first_added_at: copies.iter().map(|copy| copy.added_at).min(),
        status: stands.status,
        status_by: stands.by,
        ..before.clone()
    }
}

/// Sorted, each once, like `|gog|steam|`.
fn joined(words: impl Iterator<Item = String>) -> String {
    let words: BTreeSet<String> = words.collect();
    if words.is_empty() {
        return String::new();
    }
    let mut text = String::from("|");
    for word in words {
        text.push_str(&word);
        text.push('|');
    }
    text
}

/// Reads what `joined` wrote.
pub fn split(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split('|').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_words_are_sorted_and_read_back() {
        let text = joined(["steam", "gog", "steam"].into_iter().map(str::to_owned));
        assert_eq!(text, "|gog|steam|");
        assert_eq!(split(&text).collect::<Vec<_>>(), ["gog", "steam"]);
        assert_eq!(joined(std::iter::empty()), "");
        assert_eq!(split("").count(), 0);
    }
}
