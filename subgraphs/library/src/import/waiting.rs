//! What files said of games whose copies have no game yet, or may get another by the file, and how
//! it gets there when they have it.
//!
//! What a household said here stays: a word only fills what is empty, or what a rule of the hub
//! made up meanwhile; and a status that counts less than its own.

use super::word::Word;
use crate::{
    collection::{
        entity::{collection, member},
        store as collections,
    },
    copy::fold,
    game::{entity::holding, holdings, store as games, tags},
    status::{self, By, entity as change},
};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{Ports, db::rows_of};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// The rows of what was said.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// What a file said of one copy, or of a game of which there is none.
    #[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "library_word")]
    pub struct Model {
        /// Its id, version 7.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// Whose.
        pub household_id: Uuid,
        /// The library of the copy.
        pub library_id: Option<Uuid>,
        /// The copy it waits for; none where a game of that title is waited for.
        pub copy_id: Option<Uuid>,
        /// What several copies of one game in the file have in common.
        pub group_id: Uuid,
        /// The title, as the file writes it.
        pub title: String,
        /// The same, folded.
        pub title_key: String,
        /// The year of release, where no copy says it.
        pub year: Option<i32>,
        /// A [`super::Word`].
        pub said: Json,
    }

    /// None.
    #[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What is said of one game, and of which copy.
#[derive(Debug, Clone)]
pub struct Said {
    /// The library of the copy.
    pub library: Option<Uuid>,
    /// The copy.
    pub copy: Option<Uuid>,
    /// Its game, if it has one for good.
    pub game: Option<Uuid>,
    /// The word of a game without copies that is there and says the same of it.
    pub waits: Option<Uuid>,
    /// What several copies of one game have in common.
    pub group: Uuid,
    /// The title.
    pub title: String,
    /// The year.
    pub year: Option<i32>,
    /// What is said.
    pub word: Word,
}

/// Says it: at once where the game is known, later of others.
pub async fn say(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    said: Vec<Said>,
) -> Result<(), Fault> {
    let copies: Vec<Uuid> = said.iter().filter_map(|one| one.copy).collect();
    forget_of(txn, &copies).await?;
    let (mut now, mut later) = (Vec::new(), Vec::new());
    let mut again: HashMap<Uuid, (Uuid, Word)> = HashMap::new();
    for one in said {
        if let Some(game) = one.game {
            now.push((game, one.word));
            continue;
        }
        if let Some(waits) = one.waits {
            again.insert(waits, (one.group, one.word));
            continue;
        }
        later.push(entity::Model {
            id: ports.ids.new_id(),
            household_id: household,
            library_id: one.library,
            copy_id: one.copy,
            group_id: one.group,
            title_key: fold(&one.title),
            title: one.title,
            year: one.year,
            said: serde_json::to_value(&one.word).doing("keeping what a file says")?,
        });
    }
    for chunk in later.chunks(rows_of::<entity::Entity>()) {
        let rows = chunk
            .iter()
            .cloned()
            .map(|row| row.into_active_model().reset_all());
        entity::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await
            .doing("keeping what a file says")?;
    }
    repeat(txn, again).await?;
    apply(txn, ports, household, now, &BTreeSet::new()).await
}

/// What waits for a game of a title, and is said again.
async fn repeat(
    txn: &DatabaseTransaction,
    mut again: HashMap<Uuid, (Uuid, Word)>,
) -> Result<(), Fault> {
    let ids: Vec<Uuid> = again.keys().copied().collect();
    for chunk in ids.chunks(CHUNK) {
        let rows = entity::Entity::find()
            .filter(entity::Column::Id.is_in(chunk.iter().copied()))
            .all(txn)
            .await
            .doing("finding what files said")?;
        for row in rows {
            let Some((group, said)) = again.remove(&row.id) else {
                continue;
            };
            let mut word = read(row.said.clone())?;
            word.fill(said);
            let said = serde_json::to_value(&word).doing("keeping what a file says")?;
            let row = entity::Model {
                group_id: group,
                said,
                ..row
            };
            row.into_active_model()
                .reset_all()
                .update(txn)
                .await
                .doing("keeping what a file says")?;
        }
    }
    Ok(())
}

/// What waits for a game of a title: its id, the title and the year, in the order of an export.
pub async fn titled(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<Vec<(Uuid, String, Option<i32>)>, Fault> {
    entity::Entity::find()
        .select_only()
        .columns([
            entity::Column::Id,
            entity::Column::Title,
            entity::Column::Year,
        ])
        .filter(entity::Column::HouseholdId.eq(household))
        .filter(entity::Column::CopyId.is_null())
        .order_by_asc(entity::Column::GroupId)
        .order_by_asc(entity::Column::Id)
        .into_tuple()
        .all(conn)
        .await
        .doing("listing what files said")
}

/// Whether two groups are of one import: they are numbered from one id.
const fn of_one_import(one: Uuid, other: Uuid) -> bool {
    one.as_u128().abs_diff(other.as_u128()) < 1 << 20
}

/// Copies have a game now: what waited for them is said of it. After the games were summed up; of
/// those that are `unsaid` nobody had said a status before.
pub async fn arrive(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    matched: &[(Uuid, Uuid, String)],
    unsaid: &BTreeSet<Uuid>,
) -> Result<(), Fault> {
    let mut waiting = Vec::new();
    for chunk in matched.chunks(CHUNK) {
        let titles: HashSet<String> = chunk.iter().map(|(_, _, title)| fold(title)).collect();
        let rows = entity::Entity::find()
            .filter(entity::Column::HouseholdId.eq(household))
            .filter(
                Condition::any()
                    .add(entity::Column::CopyId.is_in(chunk.iter().map(|(copy, ..)| *copy)))
                    .add(
                        Condition::all()
                            .add(entity::Column::CopyId.is_null())
                            .add(entity::Column::TitleKey.is_in(titles)),
                    ),
            )
            .order_by_asc(entity::Column::Id)
            .all(txn)
            .await
            .doing("finding what files said")?;
        // A file of ours says all there is to say of each of its copies: a game of the same title
        // without copies is another one in it.
        let whole: HashMap<Uuid, Uuid> = rows
            .iter()
            .filter(|row| row.said["whole"] == true)
            .filter_map(|row| Some((row.copy_id?, row.group_id)))
            .collect();
        for row in rows {
            let game = chunk.iter().find(|(copy, _, title)| match row.copy_id {
                Some(waits) => waits == *copy,
                None => {
                    let own = whole.get(copy);
                    fold(title) == row.title_key
                        && own.is_none_or(|group| !of_one_import(*group, row.group_id))
                }
            });
            if let Some((_, game, _)) = game {
                waiting.push((row.id, *game, row.said));
            }
        }
    }
    deliver(txn, ports, household, waiting, unsaid).await
}

/// Copies stay with the game they have, though a file might have it otherwise: what waited to hear
/// that is said of it.
pub async fn stay(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    copies: &[(Uuid, Uuid)],
) -> Result<(), Fault> {
    let games: HashMap<Uuid, Uuid> = copies.iter().copied().collect();
    let mut waiting = Vec::new();
    for chunk in copies.chunks(CHUNK) {
        let rows = entity::Entity::find()
            .filter(entity::Column::HouseholdId.eq(household))
            .filter(entity::Column::CopyId.is_in(chunk.iter().map(|(copy, _)| *copy)))
            .order_by_asc(entity::Column::Id)
            .all(txn)
            .await
            .doing("finding what files said")?;
        for row in rows {
            if let Some(game) = row.copy_id.and_then(|copy| games.get(&copy)) {
                waiting.push((row.id, *game, row.said));
            }
        }
    }
    deliver(txn, ports, household, waiting, &BTreeSet::new()).await
}

/// Says what waited, by the ids of the words, of these games.
async fn deliver(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    waiting: Vec<(Uuid, Uuid, serde_json::Value)>,
    unsaid: &BTreeSet<Uuid>,
) -> Result<(), Fault> {
    if waiting.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = waiting.iter().map(|(id, ..)| *id).collect();
    for chunk in ids.chunks(CHUNK) {
        entity::Entity::delete_many()
            .filter(entity::Column::Id.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("clearing what files said")?;
    }
    let words = waiting
        .into_iter()
        .map(|(_, game, said)| Ok((game, read(said)?)))
        .collect::<Result<_, Fault>>()?;
    apply(txn, ports, household, words, unsaid).await
}

/// What waits for these copies.
pub(super) async fn of_copies(
    conn: &impl ConnectionTrait,
    copies: &[Uuid],
) -> Result<HashMap<Uuid, Word>, Fault> {
    let mut found = HashMap::new();
    for chunk in copies.chunks(CHUNK) {
        let rows = entity::Entity::find()
            .filter(entity::Column::CopyId.is_in(chunk.iter().copied()))
            .all(conn)
            .await
            .doing("finding what files said")?;
        for row in rows {
            if let Some(copy) = row.copy_id {
                found.insert(copy, read(row.said)?);
            }
        }
    }
    Ok(found)
}

/// Reads what was kept.
pub fn read(said: serde_json::Value) -> Result<Word, Fault> {
    serde_json::from_value(said).doing("reading what a file said")
}

/// Forgets what was said of these copies.
pub async fn forget_of(txn: &impl ConnectionTrait, copies: &[Uuid]) -> Result<(), Fault> {
    for chunk in copies.chunks(CHUNK) {
        entity::Entity::delete_many()
            .filter(entity::Column::CopyId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("forgetting what files said")?;
    }
    Ok(())
}

async fn apply(
    txn: &DatabaseTransaction,
    ports: &Ports,
    household: Uuid,
    words: Vec<(Uuid, Word)>,
    unsaid: &BTreeSet<Uuid>,
) -> Result<(), Fault> {
    let mut by_game: BTreeMap<Uuid, Vec<Word>> = BTreeMap::new();
    for (game, word) in words {
        by_game.entry(game).or_default().push(word);
    }
    if by_game.is_empty() {
        return Ok(());
    }
    let rev = games::bump(txn, household).await?;
    let ids: Vec<Uuid> = by_game.keys().copied().collect();
    let mut before = games::holdings(txn, household, &ids).await?;
    let mut changed = Vec::new();
    for (game, words) in by_game {
        // There is none of a game that was never held, and is in a collection.
        let row = before.remove(&game);
        let row = row.unwrap_or_else(|| holdings::nothing(household, game));
        let mut after = row.clone();
        // What its copies came with, a rule has just made something of. Not whether there is a row:
        // one stays of a game that was forgotten.
        let is_new = unsaid.contains(&game);
        for word in words {
            if fill(&mut after, &word, is_new) && word.whole {
                history(txn, ports, &after, &word).await?;
            }
            members(txn, household, game, &word).await?;
        }
        if after != row {
            let after = holding::Model {
                revision: row.revision + 1,
                index_rev: rev,
                ..after
            };
            holdings::announce(txn, ports, &row, &after).await?;
            changed.push(after);
        }
    }
    games::save(txn, changed).await
}

/// Whose word about a status counts more: a file's more than a rule's, and a person's most. What was
/// said before it was kept who did counts as a person's.
const fn weight(by: Option<By>) -> u8 {
    match by {
        Some(By::Rule) => 0,
        Some(By::Import) => 1,
        Some(By::Person) | None => PERSONS,
    }
}

/// The weight of a person's word.
const PERSONS: u8 = 2;

/// Fills the marks that are empty.
pub(super) fn mark(row: &mut holding::Model, word: &Word) {
    row.favourite |= word.favourite;
    row.hidden |= word.hidden;
    row.notes = row.notes.take().or_else(|| word.notes.clone());
    row.my_rating = row.my_rating.or(word.rating);
    let theirs = tags::write(&word.tags);
    row.my_tags = tags::together(row.my_tags.as_deref(), theirs.as_deref());
}

/// Fills what is empty; whether the status is the word's now.
fn fill(row: &mut holding::Model, word: &Word, is_new: bool) -> bool {
    mark(row, word);
    let (here, there) = (weight(row.status_by), weight(word.status_by.map(By::from)));
    let gives_way = here < PERSONS && (is_new || here < there);
    let takes = row.status.is_none() || (word.status.is_some() && gives_way);
    if takes && word.status.is_some() {
        row.status.clone_from(&word.status);
        row.status_by = word.status_by.map(By::from);
    }
    takes
}

/// The history a file tells, in the place of what rules of the hub made up meanwhile.
async fn history(
    txn: &DatabaseTransaction,
    ports: &Ports,
    row: &holding::Model,
    word: &Word,
) -> Result<(), Fault> {
    let of_game = Condition::all()
        .add(change::Column::HouseholdId.eq(row.household_id))
        .add(change::Column::GameId.eq(row.game_id));
    change::Entity::delete_many()
        .filter(of_game.clone())
        .filter(change::Column::By.ne(By::Person))
        .exec(txn)
        .await
        .doing("replacing a history")?;
    let there = change::Entity::find()
        .filter(of_game)
        .all(txn)
        .await
        .doing("reading a history")?;
    let turns = word.history.iter().filter(|turn| {
        !there
            .iter()
            .any(|row| row.at == turn.at && row.from == turn.from && row.to == turn.to)
    });
    let rows = turns
        .map(|turn| change::Model {
            id: ports.ids.new_id(),
            household_id: row.household_id,
            game_id: row.game_id,
            from: turn.from.clone(),
            to: turn.to.clone(),
            at: turn.at,
            by: turn.by.into(),
        })
        .collect();
    status::store::insert(txn, rows).await
}

async fn members(
    txn: &DatabaseTransaction,
    household: Uuid,
    game: Uuid,
    word: &Word,
) -> Result<(), Fault> {
    if word.collections.is_empty() {
        return Ok(());
    }
    // Deleted meanwhile: then nobody wants it back.
    let there: Vec<Uuid> = collection::Entity::find()
        .select_only()
        .column(collection::Column::Id)
        .filter(collection::Column::HouseholdId.eq(household))
        .filter(collection::Column::Id.is_in(word.collections.iter().map(|(id, _)| *id)))
        .into_tuple()
        .all(txn)
        .await
        .doing("finding collections")?;
    let rows = word
        .collections
        .iter()
        .filter(|(id, _)| there.contains(id))
        .map(|(id, position)| member::Model {
            collection_id: *id,
            game_id: game,
            position: *position,
        })
        .collect();
    collections::add(txn, rows).await
}
